"""Where the parts run: on a developer's machine or a CI service, inside your program, and on a host of static files."""

from diagrams import Cluster, Diagram, Edge, Node

with Diagram("Deployment", show=False, direction="LR"):
    with Cluster("A machine that validates"):
        validate = Node("overt.validate")
        tests = Node("Your tests\nand tools")
        ledger = Node("The ledger\n.overt/runs")
        evidence = Node("overt.evidence")
        site = Node("overt.site")

    with Cluster("A host of files"):
        pages = Node("Static pages")

    with Cluster("Your program"):
        runtime = Node("overt.runtime")
        flags = Node("overt.flags")
        store = Node("SQLite or Redis")

    validate >> Edge(label="runs", style="dashed", href="evidence:tests.total") >> tests
    validate >> evidence
    evidence >> Edge(label="writes and reads", style="dashed", href="evidence:suites.recovery.passed") >> ledger
    site >> evidence
    site >> Edge(label="renders", style="dashed", href="claim:suite-green") >> pages
    flags >> runtime
    flags >> Edge(label="keeps states in", style="dashed", href="claim:clean-up-validated") >> store
