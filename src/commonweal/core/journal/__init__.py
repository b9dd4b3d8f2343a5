"""The journal: one append-only, provable record of every act."""
