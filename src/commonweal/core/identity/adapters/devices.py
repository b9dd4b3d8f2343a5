"""oauthlib 4 asks its validator about device codes; allauth 65, written for oauthlib 3, has answered it before.

allauth's token view polls the code, uses it up and names the person before oauthlib looks at the request, so all that
is left to say is whether that happened. Nothing is done where allauth answers by itself.
"""

from __future__ import annotations

from typing import Any


def bridge() -> None:
    """Teach allauth's validator the question, once."""
    from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
    from oauthlib.oauth2.rfc8628.grant_types import DeviceCodeGrant

    if "validate_device_code" in vars(OAuthLibRequestValidator):
        return

    def validate_device_code(self: Any, client_id: str, device_code: str, request: Any) -> Any:
        polled = getattr(request, "user", None) is not None
        if polled and request.scope is None:
            request.scopes = ["openid"]
        return DeviceCodeGrant.DEVICE_CODE_AUTHORIZED if polled else DeviceCodeGrant.DEVICE_CODE_PENDING

    OAuthLibRequestValidator.validate_device_code = validate_device_code
