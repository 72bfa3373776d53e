"""What people write in Discord to ring everybody's telephone, look like the product, or break a page: the lines of
Slack's stories, and those of Discord's own markup."""

from typing import Final

from tests.stories_slack.abuse import ABUSE as IN_ANY_CHAT
from tests.stories_slack.abuse import Abuse

OWN: Final = (
    Abuse("**bold** __under__ ~~struck~~ ||spoiler||"),
    Abuse("# Heading\n## Smaller\n-# smallest"),
    Abuse("[your bank](https://evil.example 'title')"),
    Abuse("[your bank](<https://evil.example>)", shown="[your bank](https://evil.example)"),
    Abuse("<https://evil.example>", shown="https://evil.example"),
    Abuse("<@&1513512920678400004>", shown="@a-role"),
    Abuse("Dear <@!1513512920678400001>", shown="Dear @guildhall"),
    Abuse("<#1513512920678400006>", shown="#a-channel"),
    Abuse("</hall claim:1513512920678400009>", shown="/hall claim"),
    Abuse("<:smile:1513512920678400009>", shown=":smile:"),
    Abuse("<id:customize>", shown="#customize"),
    Abuse("discord.gg/abcdef https://discord.gg/abcdef"),
    Abuse("\\@everyone \\*not bold\\*"),
    Abuse("@everyone @here @crews"),
    Abuse(">>> a quote\nthat never ends"),
    Abuse("```ansi\n\x1b[31mred\n```", by_rules=True),
)
# What a client of Slack's alone makes of its own signs says nothing here; nor do names of channels and people there.
_SLACKS_OWN: Final = ("<!", "<@U", "<#C", "@acme-staff", "@guildhall", "#billing", ":tada:", "|https://")
ABUSE: Final = (
    *(each for each in IN_ANY_CHAT if not each.sent and not any(sign in each.typed for sign in _SLACKS_OWN)),
    *OWN,
)
