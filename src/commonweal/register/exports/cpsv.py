"""Services as CPSV-AP 3.2 (Core Public Service Vocabulary Application Profile, SEMIC) JSON-LD."""

from __future__ import annotations

from commonweal.register.exports.graph import Graph, Node, named, plain, typed, words
from commonweal.register.models import Cost, LifeEvent, Output, PublicService, Requirement, Text
from commonweal.register.register import Register

EVENT_TYPES = {"citizen": "cv:LifeEvent", "business": "cv:BusinessEvent"}


def cpsv_ap(register: Register, base: str) -> Node:
    """Every service with its authority, events, channels, costs, requirements, evidence, outputs and law.

    `base` is the address under which the jurisdiction's things are named.
    """
    graph = Graph(base)
    for event in register.events.values():
        _event(graph, event)
    for service in register.services.values():
        _service(graph, register, service)
    return graph.document()


def organisation(graph: Graph, register: Register, identifier: str) -> Node:
    """A public organisation and the place it answers for."""
    declared = register.organisations[identifier]
    region = declared.region or next((r.id for r in register.regions.values() if r.parent is None), None)
    place = (
        graph.add(graph.iri("region", region), "dct:Location", rdfs_label=words(register.regions[region].name))
        if region
        else None
    )
    return graph.add(
        graph.iri("organisation", identifier),
        ["cv:PublicOrganisation", "foaf:Agent", "org:Organization"],
        dct_identifier=identifier,
        dct_title=words(declared.name),
        skos_prefLabel=words(declared.name),
        foaf_name=words(declared.name),
        dct_spatial=place,
    )


def law(graph: Graph, register: Register, references: tuple[str, ...]) -> list[Node]:
    """The acts and articles referred to."""
    found = []
    for reference in references:
        act = register.laws.get(reference.partition("/")[0])
        if act is not None:
            found.append(
                graph.add(
                    graph.iri("law", reference),
                    "eli:LegalResource",
                    dct_identifier=reference,
                    dct_title=words(act.name),
                )
            )
    return named(found)


def _service(graph: Graph, register: Register, service: PublicService) -> None:
    name = graph.iri("service", service.id)
    authority = organisation(graph, register, service.authority)
    events = [
        graph.iri("event", e.id) for e in register.events.values() if any(s.service == service.id for s in e.services)
    ]
    evidence = [e for requirement in service.requirements for e in requirement.evidence_any]
    graph.add(
        name,
        "cpsv:PublicService",
        dct_identifier=service.id,
        dct_title=words(service.name),
        dct_description=words(service.description or service.summary or service.name),
        cv_hasCompetentAuthority=authority,
        dct_language=[graph.language(code) for code in register.jurisdiction.languages],
        dct_audience=[graph.concept("audience", each) for each in service.audience],
        cv_isGroupedBy=[{"@id": each} for each in events],
        cv_hasLegalResource=law(graph, register, service.legal),
        cv_hasChannel=[_channel(graph, name, each, authority) for each in service.channels],
        cv_hasCost=[_cost(graph, register, name, cost) for cost in service.cost],
        cv_holdsRequirement=[_requirement(graph, name, each) for each in service.requirements],
        cv_hasInputType=named(_evidence_type(graph, register, each) for each in evidence),
        cpsv_produces=[_output(graph, name, each) for each in service.outputs],
        cv_processingTime=typed(service.deadline.total, "duration") if service.deadline else None,
    )


def _event(graph: Graph, event: LifeEvent) -> None:
    kinds = [EVENT_TYPES[each] for each in event.audience]
    graph.add(
        graph.iri("event", event.id),
        ["cv:Event", *kinds],
        dct_identifier=event.id,
        dct_title=words(event.name),
        dct_description=words(event.summary),
        cv_hasRelatedService=[{"@id": graph.iri("service", each.service)} for each in event.services],
    )


def _channel(graph: Graph, service: str, channel: str, owner: Node) -> Node:
    return graph.add(
        f"{service}/channel/{channel}",
        "cv:Channel",
        dct_identifier=channel,
        dct_type=graph.concept("channel", channel),
        cv_ownedBy=owner,
    )


def _cost(graph: Graph, register: Register, service: str, cost: Cost) -> Node:
    return graph.add(
        f"{service}/cost/{cost.id}",
        "cv:Cost",
        dct_identifier=cost.id,
        dct_description=words(cost.name),
        cv_value=typed(str(cost.amount), "double"),
        cv_currency=graph.concept("currency", register.jurisdiction.currency),
    )


def _requirement(graph: Graph, service: str, requirement: Requirement) -> Node:
    return graph.add(
        f"{service}/requirement/{requirement.id}",
        "cv:Requirement",
        dct_identifier=requirement.id,
        dct_title=words(requirement.name) or plain(requirement.id.replace("_", " ")),
        dct_description=plain(requirement.rule) if requirement.rule else None,
    )


def _evidence_type(graph: Graph, register: Register, identifier: str) -> Node:
    declared = register.evidence.get(identifier)
    label = declared.name if declared else Text({"en": identifier})
    return graph.add(
        graph.iri("evidence", identifier), "cv:EvidenceType", dct_identifier=identifier, dct_title=words(label)
    )


def _output(graph: Graph, service: str, output: Output) -> Node:
    return graph.add(
        f"{service}/output/{output.id}",
        "cv:Output",
        dct_identifier=output.id,
        dct_title=words(output.name) or plain(output.id.replace("-", " ")),
    )
