"""Sixty kinds and more of what people write to ring everybody's telephone, look like the product, or break a page.

Each stands on a line of its own at the beginning of a question and of an answer. `typed` goes through Slack's client,
which makes mentions and links of what looks like one; `sent` is Slack's own markup as another program can send it.
`shown` is what everybody must read, where that is not what was written; `by_rules`: what the rules for anybody's text,
on any platform, leave of it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Abuse:
    typed: str = ""
    shown: str = ""
    sent: str = ""
    by_rules: bool = False

    @property
    def reads(self) -> str:
        return self.shown or self.typed

    def __str__(self) -> str:
        return repr((self.sent or self.typed)[:30])


def as_client_sends(sent: str, shown: str) -> Abuse:
    return Abuse(sent=sent, shown=shown)


ABUSE: Final = (
    # Mentions as people type them.
    Abuse("@here"),
    Abuse("@channel"),
    Abuse("@everyone"),
    Abuse("@here@channel@everyone"),
    Abuse("@bo, @stu and @ann"),
    Abuse("@acme-staff", shown="@a group"),
    Abuse("Please, @guildhall claim", shown="Please, @Guildhall claim"),
    Abuse("＠channel"),
    Abuse("@Channel @HERE"),
    Abuse("@" * 200),
    # Mentions in Slack's own words, typed.
    Abuse("<!channel>"),
    Abuse("<!here|here>"),
    Abuse("<!everyone> <!group>"),
    Abuse("<@U000000004>"),
    Abuse("<@U000000004|bo>"),
    Abuse("<!subteam^S000000001|@all-of-acme>"),
    Abuse("<#C000000001|billing>", by_rules=True),  # it could be the number of an order
    Abuse("#billing"),
    Abuse("&lt;!channel&gt;"),
    Abuse("&amp;lt;!channel&amp;gt;"),
    Abuse("<!date^1780920000^{date_long}|soon>"),
    Abuse("<<!channel>>"),
    Abuse("<!channel"),
    # The same as a program sends it.
    as_client_sends("<!channel>", "@channel"),
    as_client_sends("<!here|here> <!everyone>", "@here @everyone"),
    as_client_sends("<@U000000004>", "@bo"),
    as_client_sends("<@U000000004|the boss>", "@bo"),
    as_client_sends("<@W0NOBODY00|ceo>", "@ceo"),
    as_client_sends("<!subteam^S000000001|@acme-staff>", "@acme-staff"),
    as_client_sends("<!subteam^S000000001>", "@a group"),
    as_client_sends("<#C000000001|billing>", "#billing"),
    as_client_sends("<!date^1780920000^{date_long}^https://evil.example/|soon>", "soon"),
    as_client_sends("<!unheard-of|hello>", "hello"),
    as_client_sends(
        "<https://evil.example/login|https://bank.example>", "https://bank.example (https://evil.example/login)"
    ),
    as_client_sends("<https://evil.example/login|your bank>", "your bank (https://evil.example/login)"),
    as_client_sends("<slack://user?team=T1&amp;id=U1|profile>", "profile (slack://user?team=T1&id=U1)"),
    as_client_sends("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
    # Markup.
    Abuse("*bold* _italic_ ~struck~"),
    Abuse("`code` ```block```"),
    Abuse("```\nnever closed"),
    Abuse("> Acme staff wrote: we pay you double."),
    Abuse(">>> and everything below"),
    Abuse("*_~`all of it`~_*"),
    Abuse("# heading"),
    Abuse("• one\n• two"),
    Abuse("1. one\n2. two"),
    Abuse("- [ ] task"),
    Abuse("---"),
    Abuse("[your bank](https://evil.example)"),
    Abuse("![picture](https://evil.example/x.png)"),
    Abuse("<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)>"),
    Abuse(":not-an-emoji-of-ours: :guildhall:"),
    Abuse(":bell::rotating_light:"),
    Abuse(":tada: :smile:", shown="🎉 😄"),
    Abuse(":skin-tone-5:"),
    Abuse('"}],"type":"actions","elements":[{"type":"button"'),
    Abuse("{{template}} ${env} %s %(name)s {0}"),
    Abuse("\\u0040channel \\n \\x3c!here\\x3e"),
    Abuse("QMTX · Billing · English · $99.00 to you"),
    Abuse("[Claim] [Answer] [Send to customer]"),
    Abuse("!!! claim QMTX"),
    Abuse("/hall close QMTX spam"),
    # Links.
    Abuse("https://evil.example/path?x=1&y=<2>"),
    Abuse("http://evil.example"),
    Abuse("evil.example/login"),
    Abuse("https://xn--pple-43d.example/"),
    Abuse("javascript:alert(1)"),
    Abuse("data:text/html;base64,PHNjcmlwdD4="),
    Abuse("<https://evil.example|https://bank.example>", shown="<https://bank.example (https://evil.example)>"),
    Abuse("https://evil.example/" + "a" * 1_500),
    # Sizes and signs.
    Abuse("x" * 2_900),
    Abuse("@here " * 300 + "."),
    Abuse("&" * 1_500),
    Abuse("<" * 1_500),
    Abuse("👨‍👩‍👧‍👦" * 150),
    Abuse("Z̷̢̛̳͎̹͖̝͔̬͒̀͆̽̈́̀̇͘͝a̶l̷g̸o̶" * 20, by_rules=True),
    Abuse("\n".join("line" for _ in range(300))),
    Abuse("مرحبا שלום ﷽ 漢字"),
    Abuse("tabs \t and   spaces"),
    Abuse("override \u202egnp.exe\u202c", shown="override gnp.exe"),
    Abuse("zero\u200bwidth and \u2066isolates\u2069", shown="zerowidth and isolates"),
    Abuse("a moment \ue000 of \ue001 ours", shown="a moment  of  ours"),
    Abuse("nul \x00 bell \x07 escape \x1b[31m", by_rules=True),
)
