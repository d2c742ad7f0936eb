"""A Flow as a Mermaid flowchart, written from the flow itself.

`transitions` can draw Mermaid too, but as state diagrams, where a hyphen in a state name breaks
the drawing, and without titles, labels and levels.
"""

from __future__ import annotations

from guide.model import Flow, Level

COLOURS = {
    Level.undren: "fill:#eef4ee,stroke:#3f6b45",
    Level.bekymring: "fill:#fff6d6,stroke:#8a6d00",
    Level.underret: "fill:#ffe3c7,stroke:#a04a00",
    Level.straks: "fill:#ffd0c7,stroke:#a02000",
    Level.akut: "fill:#b00020,stroke:#5c0011,color:#ffffff",
}


def mermaid(flow: Flow) -> str:
    """Mermaid `flowchart` text: questions as boxes, outcomes as rounded boxes coloured by level."""
    lines = ["flowchart TD"]
    for step, question in flow.questions.items():
        lines.append(f'  {_node(step)}["{_text(question.title)}"]')
    for step, outcome in flow.outcomes.items():
        lines.append(f'  {_node(step)}(["{_text(outcome.title)}"]):::{outcome.level}')
    for step, question in flow.questions.items():
        for option in question.options.values():
            if option.goto:
                lines.append(f'  {_node(step)} -->|"{_text(option.label)}"| {_node(option.goto)}')
        for rule in question.next:
            asked = "; ".join(f"{on}: {' eller '.join(options)}" for on, options in rule.when.items())
            lines.append(f'  {_node(step)} -.->|"{_text(asked or "ellers")}"| {_node(rule.goto)}')
    lines.extend(f"  classDef {level} {colour}" for level, colour in COLOURS.items())
    return "\n".join(lines) + "\n"


def _node(step: str) -> str:
    """A node id: the prefix keeps step ids such as `end` from being Mermaid's own words."""
    return f"trin-{step}"


def _text(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
