"""The life of threads: they wake when somebody speaks, sleep after a while, and refuse changes while they sleep.

docs/topics/threads
"""

from typing import TYPE_CHECKING

from . import events
from .refusals import Refused
from .state import PINNED_POST, Channel, Guild

if TYPE_CHECKING:
    from .server import FakeDiscord

MOST_MEMBERS = 1000


def wake(discord: "FakeDiscord", channel: Channel) -> None:
    """A message unarchives its thread; whether its author may was asked before."""
    if channel.is_thread and channel.archived:
        archive(discord, channel, archived=False)


def archive(discord: "FakeDiscord", thread: Channel, *, archived: bool, tell: bool = True) -> None:
    """Archiving unpins a post; unarchiving counts against the active threads of the guild."""
    now = discord.clock.now()
    if not archived:
        assert thread.guild is not None
        room_for_one(discord, thread.guild)
        thread.active_at = now
    thread.archived, thread.archive_changed_at = archived, now
    if archived:
        thread.flags &= ~PINNED_POST
    discord.log({"what": "archive" if archived else "unarchive", "channel": thread.id})
    if tell:
        events.channel_event(discord, "THREAD_UPDATE", thread)


def room_for_one(discord: "FakeDiscord", guild: Guild) -> None:
    if sum(not each.archived for each in guild.threads()) >= discord.most_threads:
        raise Refused(160006)


def sweep(discord: "FakeDiscord") -> None:
    """Archive what was quiet for its time; pinned posts stay."""
    now = discord.clock.now()
    if now < discord.next_sweep:
        return
    due = [now + 600.0]
    for guild in discord.guilds.values():
        for thread in guild.threads():
            if thread.archived or thread.flags & PINNED_POST:
                continue
            ends = thread.active_at + thread.archive_after_min * 60
            if ends <= now:
                archive(discord, thread, archived=True)
            else:
                due.append(ends)
    discord.next_sweep = min(due)


def changeable(channel: Channel, *, moderates: bool) -> None:
    """Refused when something in the thread cannot be edited or reacted to now."""
    if not channel.is_thread:
        return
    if channel.locked and not moderates:
        raise Refused(160005)
    if channel.archived:
        raise Refused(50083)


def speakable(channel: Channel, *, moderates: bool) -> None:
    """Refused when nobody without Manage Threads may speak; archived threads wake."""
    if channel.is_thread and channel.locked and not moderates:
        raise Refused(160005)


def add_member(discord: "FakeDiscord", thread: Channel, user_id: str) -> None:
    changeable(thread, moderates=True)
    if user_id in thread.thread_members:
        return
    if len(thread.thread_members) >= MOST_MEMBERS:
        raise Refused(30033)
    thread.thread_members[user_id] = discord.clock.now()
    events.thread_members_event(discord, thread, [user_id], [])


def remove_member(discord: "FakeDiscord", thread: Channel, user_id: str) -> None:
    if thread.thread_members.pop(user_id, None) is not None:
        events.thread_members_event(discord, thread, [], [user_id])
