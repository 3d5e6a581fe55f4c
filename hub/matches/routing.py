"""Lay matches before the one routing engine, with the facts that the arrangements in force ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hub.arrangements.routing import DEFAULT_HASH, Facts, Route, default_arrangement, route
from hub.arrangements.values import Arrangement, Inquiry, Target
from hub.arrangements.versions import arrangements_in_force
from hub.consent.choosing import find_recipients
from hub.matches import owners, store
from hub.matches.gathering import find_kin, find_lead
from hub.matches.pairs import Key, Pair
from hub.partners.service import Partner, find_partners
from hub.signals.service import Signal, get_signals
from hub.teams.roster import Roster, read_roster
from hub.teams.service import Team, find_standing_many, find_team_for
from service.clock import dutch_date
from service.work import Work


@dataclass(frozen=True, slots=True)
class Routed:
    """Whose pairs are, how much may be shown of them at most, and of which nobody hears without a consent.

    Attributes:
        inquiries: of signals alone, by which clocks they are looked into.
        along: what goes where its rule says even when it lies in a queue already.
    """

    routes: dict[Key, Route]
    levels: dict[Key, int]
    consent_first: frozenset[Key]
    inquiries: dict[Key, Inquiry]
    along: frozenset[Key]


@dataclass(frozen=True, slots=True)
class _Around:
    """What else is known of the persons of pairs: organisations that met them, and other matches, by pair."""

    partners: Mapping[Key, int]
    earlier: Mapping[Key, int]


def route_pairs(work: Work, pairs: Sequence[Pair]) -> Routed:
    """Say of each pair whose it is, by the arrangement of where the person lives or of the case's team."""
    on = dutch_date(work.now)
    ids = {pair.case.team_id for pair in pairs if pair.case}
    standing = {id_: team.id for id_, team in find_standing_many(work, ids, on=on).items()}
    chooser = _read_arrangements(work)
    chosen = [chooser.choose(pair, _case_team(pair, standing)) for pair in pairs]
    teams = {entry.id for one in chosen for entry in one.teams} | set(standing.values())
    roster = read_roster(work, teams)
    senders_of = find_partners(work, {one.organisation_id for pair in pairs for one in pair.signals})
    around = _look_around(work, pairs, chosen)
    leads, named = _find_leads(work, pairs, chosen), _find_named(work, pairs, chosen)
    load = _count_load(work, chosen, roster)
    routes, levels, inquiries = {}, {}, {}
    for pair, arrangement in zip(pairs, chosen, strict=True):
        partners = [senders_of[one.organisation_id] for one in pair.signals]
        senders = frozenset(one.kind for one in partners)
        facts = Facts(
            case_team=_case_team(pair, standing),
            casemanager=pair.case.casemanager if pair.case else None,
            bracket=pair.signal.bracket,
            senders=senders,
            partners=around.partners.get(pair.key, len(pair.signals)),
            earlier=around.earlier.get(pair.key, 0),
            residence=residence_of(pair),
            on=on,
            is_inquiry=pair.inquiry_basis is not None,
            number=pair.key[0].int ^ pair.key[1].int,
            household_lead=leads.get(pair.key),
            chosen=named.get(pair.key[0]) or named.get(pair.key[1]),
        )
        routes[pair.key] = route(arrangement, facts, roster=roster, load=load)
        levels[pair.key] = min(arrangement.level_at_most(senders), *map(_own_level, partners))
        if pair.inquiry_basis and arrangement.inquiry:
            inquiries[pair.key] = arrangement.inquiry
    first = frozenset(pair.key for pair, one in zip(pairs, chosen, strict=True) if one.consent_first)
    along = frozenset(key for key, one in zip(routes, chosen, strict=True) if _takes_along(one, routes[key]))
    return Routed(routes, levels, first, inquiries, along)


def residence_of(pair: Pair) -> str | None:
    """Return where the person lives as the sender says who knows most of it; of equals, the latest.

    Who knows that somebody stays in care sends where they lived before, and is followed against the address
    that a school sees: a move into care moves nobody. What was worked out from less counts last.

    Source:
        MAT-07, MAT-08, ROU-14, ROU-15; Jeugdwet 1.1, woonplaats.
    """
    said = [one for one in pair.signals if one.residence]
    best = max(said, key=lambda one: (_knowledge_of(one), one.received_at, one.id), default=None)
    return best.residence if best else None


def _knowledge_of(signal: Signal) -> int:
    return ("assumed", "address", "established").index(signal.residence_from or "address")


@dataclass(frozen=True, slots=True)
class _Arrangements:
    """The arrangements in force, their teams those that go on today."""

    known: Sequence[Arrangement]
    default: Arrangement

    def choose(self, pair: Pair, case_team: UUID | None) -> Arrangement:
        """Return that of the case's team; without a case that of the residence, of the intake, or default."""
        intake = {entry.id for entry in self.default.teams}
        lives = (residence_of(pair) or "")[:4]
        for one in self.known:
            if case_team in {entry.id for entry in one.teams}:
                return one
        for one in self.known:
            if case_team is None and lives in one.residences:
                return one
        for one in self.known:
            if case_team is None and intake & {entry.id for entry in one.teams}:
                return one
        return self.default


def _read_arrangements(work: Work) -> _Arrangements:
    intake = find_team_for(work)
    default = default_arrangement(intake.id if intake else None)
    known = arrangements_in_force(work)
    ids = {entry.id for one in known for entry in one.teams}
    standing = find_standing_many(work, ids, on=dutch_date(work.now))
    return _Arrangements([_today(one, standing) for one in known], default)


def _today(arrangement: Arrangement, standing: Mapping[UUID, Team]) -> Arrangement:
    """Put the teams that go on today in the place of those that are over."""
    found = ((entry, standing.get(entry.id)) for entry in arrangement.teams)
    return replace(arrangement, teams=tuple(replace(entry, id=team.id) for entry, team in found if team))


def _look_around(work: Work, pairs: Sequence[Pair], chosen: Sequence[Arrangement]) -> _Around:
    """Count organisations and matches around pairs, where a rule asks for it."""
    asking = [pair for pair, one in zip(pairs, chosen, strict=True) if _asks_around(one)]
    if not asking:
        return _Around({}, {})
    ids = {id_ for pair in asking for id_ in pair.key}
    live = {key for key in store.list_live_keys(work.session, ids) if key[0] != key[1]}
    keys = live | {pair.key for pair in asking}
    of_signals = {one.id: one.organisation_id for pair in asking for one in pair.signals}
    others = get_signals(work, {id_ for key in keys for id_ in key} - of_signals.keys())
    of_signals |= {id_: one.organisation_id for id_, one in others.items()}
    partners, earlier = {}, {}
    for pair in asking:
        near = [key for key in keys if set(key) & set(pair.key)]
        met = {of_signals[id_] for key in near for id_ in key if id_ in of_signals}
        partners[pair.key], earlier[pair.key] = len(met), len(live.intersection(near) - {pair.key})
    return _Around(partners, earlier)


def _find_leads(
    work: Work, pairs: Sequence[Pair], chosen: Sequence[Arrangement]
) -> dict[Key, tuple[UUID, UUID]]:
    """Return who leads for the households of pairs, where their arrangement has leads."""
    found = {}
    for arrangement in {one.hash: one for one in chosen if one.household}.values():
        own = [pair for pair, one in zip(pairs, chosen, strict=True) if one.hash == arrangement.hash]
        kin = find_kin(work, arrangement, {id_ for pair in own for id_ in pair.key})
        for pair in own:
            near = kin.get(pair.key[0], frozenset()) | kin.get(pair.key[1], frozenset())
            if lead := find_lead(work, arrangement, near):
                found[pair.key] = lead
    return found


def _find_named(work: Work, pairs: Sequence[Pair], chosen: Sequence[Arrangement]) -> dict[UUID, UUID]:
    """Return whom the persons of pairs chose, where their arrangement asks that."""
    asking = [
        pair
        for pair, one in zip(pairs, chosen, strict=True)
        if any(rule.to is Target.CHOSEN for rule in one.rules)
    ]
    return find_recipients(work, {id_ for pair in asking for id_ in pair.key}) if asking else {}


def _count_load(work: Work, chosen: Sequence[Arrangement], roster: Roster) -> dict[UUID, int]:
    """Count what those have whom a rule may choose by it."""
    teams = {entry.id for one in chosen if _asks_load(one) for entry in one.teams}
    staff = {staff_id for team_id in teams for staff_id in roster.members[team_id]}
    return owners.count_load(work.session, staff) if staff else {}


def _asks_around(arrangement: Arrangement) -> bool:
    return any(rule.partners_at_least or rule.earlier_at_least for rule in arrangement.rules)


def _asks_load(arrangement: Arrangement) -> bool:
    return arrangement.hash != DEFAULT_HASH and any(rule.to == "member" for rule in arrangement.rules)


def _takes_along(arrangement: Arrangement, route: Route) -> bool:
    rule = arrangement.find_rule(route.rule)
    return rule is not None and rule.takes_along


def _own_level(partner: Partner) -> int:
    """Return how much may be told of an organisation by its own addendum. Source: ONB-05."""
    return 3 if partner.told_at_most is None else partner.told_at_most


def _case_team(pair: Pair, standing: Mapping[UUID, UUID]) -> UUID | None:
    return standing.get(pair.case.team_id) if pair.case else None
