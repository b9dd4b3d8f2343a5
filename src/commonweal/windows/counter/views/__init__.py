"""Views of the counter: functions that call actions and queries and render templates."""
