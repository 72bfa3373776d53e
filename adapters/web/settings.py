"""Where the web is served and under which name: what its links and cookies depend on."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`secret` signs links, cookies and forms: at least 32 random bytes, the same after a restart.

    `public_url` is how people reach it, without a slash at the end ("https://help.acme.example"); empty in local
    mode. `local` means one machine for one person: only loopback names are served, and anybody there may step
    into anybody's shoes. Raising `link_generation` ends every private link that was ever given out.
    """

    company: str
    secret: bytes
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    local: bool = False
    link_generation: int = 1
    session_days: int = 30

    def __post_init__(self) -> None:
        assert len(self.secret) >= 32, "a short secret can be guessed"
        assert not (self.local and self.public_url), "local mode is for one machine, which has no public address"

    @property
    def secure(self) -> bool:
        """Whether cookies travel over https only."""
        return self.public_url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme and host of the public address as browsers name them in `Origin`, or nothing."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
