"""What a platform says of people: lists that make them staff or experts, guests, mentions, and where they live."""

from bot.change import Outcome
from bot.model import Identity, Person, Place, Rank, StaffRole, Standing
from bot.ports import Heard, Mentioned, Vouched
from tests.world import Said, Someone, World

LONG = "It is only a hold; the bank lets it go after three working days."
LIST = "slack:T1:S0001"
OTHER_LIST = "slack:T1:S0002"


def member(external: str) -> Identity:
    return Identity(platform="slack", workspace="T1", external=external)


def named(external: str, name: str = "") -> Mentioned:
    return Mentioned(who=member(external), name=name)


async def vouches(world: World, external: str, by: str = LIST, **more: object) -> Said:
    said = Vouched(key=world.event(), who=member(external), by=by, **more)  # type: ignore[arg-type]
    return Said(await world.app.hear(said))


async def person(world: World, external: str) -> Person:
    found = await world.app.views.person_of(member(external))
    assert found is not None
    return found


async def hears(world: World, external: str, sentence: str, **more: object) -> Said:
    heard = Heard(key=world.event(), who=member(external), sentence=sentence, **more)  # type: ignore[arg-type]
    said = Said(await world.app.hear(heard))
    await world.settles()
    return said


async def journal(world: World) -> list[str]:
    def read(work: object) -> list[str]:
        rows = work.connection.execute("SELECT verb FROM journal WHERE subject = 'person' ORDER BY id")  # type: ignore[attr-defined]
        return [verb for (verb,) in rows]

    return await world.store.run(read)


# --- lists


async def test_a_list_makes_staff_and_takes_it_back(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?")
    await vouches(world, "U1", name="Sue", place=Place("web:@U1"), timezone="Europe/Berlin", staff=StaffRole.AGENT)
    sue = await person(world, "U1")
    assert (sue.name, sue.home, sue.timezone) == ("Sue", "web:@U1", "Europe/Berlin")
    assert not (await hears(world, "U1", "take", question=question)).refused
    await vouches(world, "U1")
    assert (await person(world, "U1")).staff is None
    assert (await hears(world, "U1", "close spam", question=question)).refused
    assert await journal(world) == ["vouch", "vouch"]


async def test_saying_the_same_again_changes_nothing(world: World) -> None:
    await vouches(world, "U1", name="Sue", staff=StaffRole.AGENT)
    assert (await vouches(world, "U1", name="Sue", staff=StaffRole.AGENT)).receipt.outcome is Outcome.NOTHING
    assert await journal(world) == ["vouch"]


async def test_whoever_is_on_no_list_and_never_spoke_is_nobody(world: World) -> None:
    assert (await vouches(world, "U9", name="Zoe")).receipt.outcome is Outcome.NOTHING
    assert await world.app.views.person_of(member("U9")) is None


async def test_the_products_own_list_is_stronger(world: World) -> None:
    ada = await world.staff("ada")
    await vouches(world, "U1", name="Sue", staff=StaffRole.AGENT, rank=Rank.APPRENTICE)
    await ada.says("appoint @Sue lead")
    await vouches(world, "U1", staff=StaffRole.AGENT)
    assert (await person(world, "U1")).staff is StaffRole.LEAD
    await vouches(world, "U1")
    assert (await person(world, "U1")).staff is StaffRole.LEAD

    await vouches(world, "U2", name="Bob", rank=Rank.MASTER)
    await ada.says("enrol @Bob journeyman")
    await vouches(world, "U2")
    bob = await person(world, "U2")
    assert bob.expert is not None
    assert (bob.expert.rank, bob.expert.standing) == (Rank.JOURNEYMAN, Standing.ACTIVE)


async def test_another_list_takes_away_nothing_and_the_higher_role_counts(world: World) -> None:
    await vouches(world, "U1", name="Sue", staff=StaffRole.AGENT)
    await vouches(world, "U1", OTHER_LIST)
    assert (await person(world, "U1")).staff is StaffRole.AGENT
    await vouches(world, "U1", OTHER_LIST, staff=StaffRole.LEAD)
    assert (await person(world, "U1")).staff is StaffRole.LEAD
    await vouches(world, "U1", LIST)
    assert (await person(world, "U1")).staff is StaffRole.LEAD


async def test_an_expert_who_falls_off_the_list_keeps_what_they_earned(world: World) -> None:
    ann = await world.customer("ann")
    await vouches(world, "U1", name="Bob", rank=Rank.JOURNEYMAN)
    question = await ann.asks("Why was I billed twice?")
    await hears(world, "U1", "claim", question=question)
    await hears(world, "U1", f"answer {LONG}", question=question)
    await world.passes(seconds=21)
    await ann.says("helped", question)
    bob = Someone(world, "Bob", (await person(world, "U1")).id)
    await vouches(world, "U1")
    left = await person(world, "U1")
    assert left.expert is not None
    assert left.expert.standing is Standing.LEFT
    assert await bob.earned() == 140
    await world.passes(days=4)
    assert await bob.owns("payable") == 140
    # Back on the list, with the rank that was earned.
    await vouches(world, "U1", rank=Rank.APPRENTICE)
    back = await person(world, "U1")
    assert back.expert is not None
    assert (back.expert.standing, back.expert.rank) == (Standing.ACTIVE, Rank.JOURNEYMAN)


async def test_a_suspension_outlasts_every_list(world: World) -> None:
    ada = await world.staff("ada")
    await vouches(world, "U1", name="Bob", rank=Rank.JOURNEYMAN)
    await ada.says("suspend @Bob because of copied answers")
    for rank in (None, Rank.MASTER):
        await vouches(world, "U1", rank=rank)
        bob = await person(world, "U1")
        assert bob.expert is not None
        assert (bob.expert.standing, bob.expert.rank) == (Standing.SUSPENDED, Rank.JOURNEYMAN)


async def test_whoever_left_by_their_own_word_is_not_brought_back(world: World) -> None:
    await vouches(world, "U1", name="Bob", rank=Rank.JOURNEYMAN)
    await hears(world, "U1", "leave")
    await vouches(world, "U1", rank=Rank.JOURNEYMAN)
    bob = await person(world, "U1")
    assert bob.expert is not None
    assert bob.expert.standing is Standing.LEFT


async def test_names_of_members_are_told_apart(world: World) -> None:
    await world.expert("bo")
    for number in range(3):
        await vouches(world, f"U{number}", name="Bo", rank=Rank.JOURNEYMAN)
    assert [(await person(world, f"U{number}")).name for number in range(3)] == ["Bo 2", "Bo 3", "Bo 4"]


async def test_an_experts_name_does_not_pass_for_the_company(world: World) -> None:
    await vouches(world, "U1", name="Bob (Support Team)", rank=Rank.JOURNEYMAN)
    await vouches(world, "U2", name="Official Support", rank=Rank.JOURNEYMAN)
    await vouches(world, "U3", name="Support Sue", staff=StaffRole.AGENT)
    names = [(await person(world, external)).name for external in ("U1", "U2", "U3")]
    assert names == ["Bob", "Somebody", "Support Sue"]


async def test_only_a_platform_vouches(world: World) -> None:
    await world.staff("ada")
    said = await hears(world, "U1", "vouch @ada admin")
    assert "I do not know 'vouch'" in said.text


# --- guests


async def test_a_guest_is_never_staff(world: World) -> None:
    ann = await world.customer("ann")
    question = await ann.asks("Why was I billed twice?")
    await vouches(world, "U1", name="Sue", staff=StaffRole.ADMIN)
    for sentence in ("take", "close spam", "redact 1", "staff note Look at this."):
        assert (await hears(world, "U1", sentence, question=question, guest=True)).refused, sentence
    assert "for staff" in (await hears(world, "U1", "inbox", guest=True)).text
    assert "staff-note" not in (await hears(world, "U1", "help", guest=True)).text
    assert (await hears(world, "U1", "category-close billing", guest=True)).refused
    assert not (await hears(world, "U1", "take", question=question)).refused


async def test_a_guest_reads_with_an_outsiders_eyes(world: World) -> None:
    ann = await world.customer("ann", known=(("email", "ann@example.org"),))
    question = await ann.asks("Why was I billed twice? I am ann@example.org.")
    await vouches(world, "U1", name="Sue", staff=StaffRole.ADMIN, rank=Rank.JOURNEYMAN)
    as_guest = await hears(world, "U1", "claim", question=question, guest=True)
    assert not as_guest.refused
    assert "ann@example.org" not in as_guest.text
    other = await ann.asks("Where are my invoices? I am ann@example.org.")
    assert "ann@example.org" in (await hears(world, "U1", "take", question=other)).text


# --- mentions


async def test_staff_name_people_by_a_mention_before_they_ever_spoke(world: World) -> None:
    ada = await world.staff("ada")
    await vouches(world, "A1", name="Ida", staff=StaffRole.ADMIN)
    mentions = {"<@U5>": named("U5"), "@zed:home": named("U6"), "<@U8>": named("U8", "Lena")}
    said = await hears(world, "A1", "enrol <@U5> journeyman", mentions=mentions)
    assert not said.refused, said.text
    assert "Lena is an expert now" in (await hears(world, "A1", "enrol <@U8> journeyman", mentions=mentions)).text
    zoe = await person(world, "U5")
    assert zoe.expert is not None
    assert zoe.expert.rank is Rank.JOURNEYMAN
    assert not (await hears(world, "A1", "enrol @zed:home", mentions=mentions)).refused
    assert (await person(world, "U6")).name == "Somebody 2"
    # Their name is learned when they speak.
    await hears(world, "U5", "queue", name="ada", timezone="America/New_York")
    zoe = await person(world, "U5")
    assert (zoe.name, zoe.timezone) == ("ada 2", "America/New_York")
    assert ada.name == "ada"


async def test_a_form_that_a_mention_began_still_means_that_person(world: World) -> None:
    await vouches(world, "A1", name="Ida", staff=StaffRole.ADMIN)
    asked = await hears(world, "A1", "appoint <@U5>", mentions={"<@U5>": named("U5", "Zoe")})
    assert "<@" not in asked.form.sentence
    assert not (await hears(world, "A1", asked.form.sentence, values={"role": "agent"})).refused
    assert (await person(world, "U5")).staff is StaffRole.AGENT


async def test_a_mention_in_somebodys_words_stays_words_and_makes_nobody(world: World) -> None:
    ann, bo = await world.customer("ann"), await world.expert("bo")
    question = await ann.asks("Why was I billed twice?")
    heard = Heard(
        key="m/1",
        who=bo.who,
        sentence="note Ask <@U7> about this one.",
        question=question,
        mentions={"<@U7>": named("U7")},
    )
    await bo.says("claim", question)
    await world.app.hear(heard)
    assert await world.app.views.person_of(member("U7")) is None
    heard = Heard(key="m/2", who=bo.who, sentence="block <@U7>", mentions={"<@U7>": named("U7")})
    assert Said(await world.app.hear(heard)).refused
    assert await world.app.views.person_of(member("U7")) is None


async def test_a_time_zone_is_learned_once_and_nonsense_is_not(world: World) -> None:
    await hears(world, "U1", "help", name="Bob", timezone="../../etc/passwd")
    assert (await person(world, "U1")).timezone == "UTC"
    await hears(world, "U1", "help", timezone="Asia/Tokyo")
    await hears(world, "U1", "help", timezone="Europe/Paris")
    bob = await person(world, "U1")
    assert (bob.name, bob.timezone) == ("Bob", "Asia/Tokyo")
