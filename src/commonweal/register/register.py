"""The whole register as one frozen value, and the part of it that one service needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Self

from commonweal.register.bundling import gather
from commonweal.register.contents import Contents, collections, sorted_by_id
from commonweal.register.models import Cost, Declared, LifeEvent, Link, PublicService, RegionShapes


@dataclass(frozen=True, eq=False, repr=False)
class Register(Contents):
    """Everything a government declares."""

    services: Mapping[str, PublicService] = field(default_factory=lambda: MappingProxyType({}))
    events: Mapping[str, LifeEvent] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[str, Link] = field(default_factory=lambda: MappingProxyType({}))
    shapes: Mapping[str, RegionShapes] = field(default_factory=lambda: MappingProxyType({}))

    def all(self) -> Iterator[Declared]:
        """Every declaration, the jurisdiction first."""
        yield from super().all()
        yield from self.services.values()
        yield from self.events.values()
        yield from self.links.values()
        yield from self.shapes.values()

    @classmethod
    def of(cls, objects: Iterable[Declared]) -> Self:
        """Sort declarations into a register; of two with one id the later wins (`load` reports them).

        Raises ValueError without exactly one jurisdiction.
        """
        held = list(objects)
        return cls(
            **collections(held),
            services=sorted_by_id(held, PublicService),
            events=sorted_by_id(held, LifeEvent),
            links=sorted_by_id(held, Link),
            shapes=sorted_by_id(held, RegionShapes),
        )

    def bundle(self, service_id: str) -> ServiceBundle:
        """What this service needs to be run, and nothing else. Raises KeyError for an unknown service."""
        return ServiceBundle.of(gather(self, self.services[service_id]))

    def services_in_force(self, day: date) -> tuple[PublicService, ...]:
        """The services that can be applied for on `day`, in the order of their ids."""
        return tuple(service for service in self.services.values() if service.effective.covers(day))


@dataclass(frozen=True, eq=False, repr=False)
class ServiceBundle(Contents):
    """One service with everything it refers to: the version that a case keeps to its end.

    `elements` holds every element the service may ask, read in a rule or be answered from; `datasets` those that
    answer its evidence; `regions` the whole tree, since any branch may be asked.
    """

    service: PublicService = field(kw_only=True)

    def all(self) -> Iterator[Declared]:
        """Every declaration in the bundle, the service last."""
        yield from super().all()
        yield self.service

    @classmethod
    def of(cls, objects: Iterable[Declared]) -> Self:
        """Sort declarations into a bundle. Raises ValueError without exactly one jurisdiction and one service."""
        held = list(objects)
        services = [each for each in held if isinstance(each, PublicService)]
        if len(services) != 1:
            raise ValueError(f"a bundle has exactly one PublicService, not {len(services)}")
        return cls(**collections(held), service=services[0])


def cost_in_force(service: PublicService, day: date) -> tuple[Cost, ...]:
    """The fees that apply to an application submitted on `day`, in the order declared."""
    return tuple(cost for cost in service.cost if cost.effective.covers(day))
