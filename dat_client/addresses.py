"""Keep the register of addresses by which nobody is a household: homes of care, refuges, institutions."""

from __future__ import annotations

from uuid import UUID

from dat_client.connection import Connection
from dat_client.identity.person import Person
from dat_client.posting import add_pending, post_registration
from dat_client.preparing import prepare_address
from dat_client.signals import require_message
from dat_client.store import Kind


class AddressActs(Connection):
    """The register of excluded addresses, for who keeps it; only pseudonyms of them leave this machine."""

    def exclude_address(self, *, postcode: str, house_number: str, house_addition: str = "") -> UUID:
        """Put an address in the register and give its id.

        Raises:
            RefusedPersonError: It is no Dutch address.
            ProblemError: The caller keeps no register, or may not use the household scheme.
        """
        place = Person(
            surname="",
            birth_date="",
            postcode=postcode,
            house_number=house_number,
            house_addition=house_addition,
        )
        message = require_message(prepare_address(self, place, reporter=self.get_reporter(None)))
        add_pending(self, Kind.ADDRESS, [(message, None, None)])
        return post_registration(self, Kind.ADDRESS, message)[0]

    def include_address(self, address_id: UUID) -> None:
        """Take an address out of the register."""
        self.hub.post(f"/excluded-addresses/{address_id}/inclusion", {})

    def review_addresses(self) -> None:
        """Say that the register is complete today; without that, addresses make no household."""
        self.hub.post("/address-reviews", {})
