"""The web page on which flags and stages are seen and changed; needs `overt[admin]`."""

from overt.flags.admin.app import admin_app
from overt.flags.admin.settings import AdminSettings
from overt.flags.admin.tokens import Tokens, new_token, read_tokens

__all__ = ["AdminSettings", "Tokens", "admin_app", "new_token", "read_tokens"]
