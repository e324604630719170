"""A validation run: from what a project declares, over what is observed, to a sentence that is judged."""

from diagrams import Cluster, Diagram, Edge, Node

with Diagram("A validation run", show=False, direction="TB"):
    with Cluster("Declare"):
        campaign = Node("overt.campaign")
        plan = Node("overt.validate.plan")

    with Cluster("Run"):
        run = Node("overt.validate.run")
        worker = Node("overt.validate.worker")
        kinds = Node("overt.validate.kinds")
        tests = Node("Your tests\nand tools")

    with Cluster("Record"):
        writer = Node("overt.evidence.writer")
        redact = Node("overt.evidence.redact")
        sealing = Node("overt.evidence.sealing")
        ledger = Node("The ledger\n.overt/runs")

    with Cluster("Judge"):
        facts = Node("overt.evidence.facts")
        reader = Node("overt.evidence.reader")
        freshness = Node("overt.evidence.freshness")
        claims = Node("overt.audit.claims")

    with Cluster("Show"):
        collect = Node("overt.site.collect")
        render = Node("overt.site.render")
        build = Node("overt.site.build")

    plan >> campaign
    run >> plan
    run >> worker
    worker >> [kinds, writer]
    kinds >> Edge(label="starts", style="dashed", href="evidence:tests.total") >> tests
    run >> writer
    writer >> [redact, sealing]
    writer >> Edge(label="appends to", style="dashed", href="evidence:suites.recovery.passed") >> ledger
    reader >> Edge(label="reads", style="dashed", href="evidence:suites.recovery.passed") >> ledger
    facts >> [reader, freshness]
    collect >> [facts, claims]
    build >> collect
    render >> Edge(label="shows", style="dashed", href="claim:suite-green") >> claims
