"""How Laurel looks and what its pages are allowed to do: templates, vendored assets, a strict CSP."""

from chassis.web.assets import ASSETS, Asset, assets_router
from chassis.web.pages import Pages, wants_html
from chassis.web.security import CONTENT_SECURITY_POLICY, security_headers

__all__ = [
    "ASSETS",
    "CONTENT_SECURITY_POLICY",
    "Asset",
    "Pages",
    "assets_router",
    "security_headers",
    "wants_html",
]
