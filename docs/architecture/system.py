"""The rooms that a verb passes through: from what a project declares, over what is observed, to what is shown."""

from diagrams import Cluster, Diagram, Node

with Diagram("The system", show=False, direction="TB"):
    cli = Node("overt.cli")

    with Cluster("Look and run"):
        lint = Node("overt.lint")
        validate = Node("overt.validate")
        runbook = Node("overt.runbook")
        training = Node("overt.training")

    with Cluster("Hold and show"):
        audit = Node("overt.audit")
        review = Node("overt.review")
        site = Node("overt.site")

    with Cluster("Know"):
        campaign = Node("overt.campaign")
        evidence = Node("overt.evidence")
        markdown = Node("overt.markdown")

    with Cluster("Stand on"):
        model = Node("overt.model")
        system = Node("overt.system")

    cli >> [validate, runbook, training, site, review]
    site >> audit
    validate >> lint
    review >> lint
    [validate, runbook, audit] >> evidence
    [runbook, audit] >> markdown
    lint >> campaign
    evidence >> campaign
    campaign >> model
    markdown >> system
