"""Single faults in a flow: every place where an author's hand could slip, as copies of the flow in memory.

Here: what is changed about questions and their ways on; outcomes are in `furnishing.py`. Not here: whether a fault
does harm (`harm.py`) and who notices it (`killers.py`). A fault that would make the ways go in a loop is left out: the
reader refuses that before anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guide.flows.graph import order
from guide.model import Flow, Question, Rule, When

CALM = ("nej", "ingen", "ingen-af-dem")
"""Answers that say that nothing is wrong; where a question has none of them, the last but «ved-ikke» is taken."""


@dataclass(frozen=True)
class Fault:
    """One fault: which operator, where (for the list of survivors), and how to make the flow with it."""

    operator: str
    place: str
    make: Callable[[], Flow]


Operator = Callable[[Flow], Iterator[Fault]]


def with_question(flow: Flow, step: str, question: Question) -> Flow:
    """The flow with one question in place of the one it has."""
    return flow.model_copy(update={"questions": {**flow.questions, step: question}})


def _rules(flow: Flow, step: str, rules: tuple[Rule, ...]) -> Flow:
    return with_question(flow, step, flow.questions[step].model_copy(update={"next": rules}))


def later(flow: Flow) -> dict[str, list[str]]:
    """Question -> the steps that cannot lead back to it, so that it may lead there."""
    steps, before = order(flow), dict[str, set[str]]()
    for step in steps:
        before.setdefault(step, set())
        if question := flow.questions.get(step):
            for target in {*(o.goto for o in question.options.values() if o.goto), *(r.goto for r in question.next)}:
                before.setdefault(target, set()).update(before[step], {step})
    return {step: [s for s in steps if s != step and s not in before[step]] for step in flow.questions}


def retarget_option(flow: Flow) -> Iterator[Fault]:
    """An answer leads to another step."""
    for step, targets in later(flow).items():
        question = flow.questions[step]
        for name, option in question.options.items():
            for to in targets if option.goto else ():
                if to != option.goto:
                    led = {**question.options, name: option.model_copy(update={"goto": to})}
                    yield Fault(
                        "retarget-option",
                        f"{step}/{name}: {option.goto} → {to}",
                        lambda q=question, o=led, s=step: with_question(flow, s, q.model_copy(update={"options": o})),
                    )


def retarget_rule(flow: Flow) -> Iterator[Fault]:
    """A rule leads to another step."""
    for step, targets in later(flow).items():
        for n, rule in enumerate(flow.questions[step].next):
            for to in targets:
                if to != rule.goto:
                    yield Fault(
                        "retarget-rule",
                        f"{step} rule {n + 1} {said(rule.when)}: {rule.goto} → {to}",
                        lambda s=step, n=n, r=rule, to=to: _replace(flow, s, n, r.model_copy(update={"goto": to})),
                    )


def _replace(flow: Flow, step: str, n: int, *rules: Rule) -> Flow:
    """The flow with the rule number n of a question replaced by these, or by none."""
    old = flow.questions[step].next
    return _rules(flow, step, (*old[:n], *rules, *old[n + 1 :]))


def swap_rules(flow: Flow) -> Iterator[Fault]:
    """Two rules beside each other change places."""
    for step, question in flow.questions.items():
        for n, (one, other) in enumerate(zip(question.next, question.next[1:], strict=False)):
            if one.goto != other.goto:
                rules = (*question.next[:n], other, one, *question.next[n + 2 :])
                yield Fault(
                    "swap-rules",
                    f"{step} rules {n + 1}, {n + 2}: {said(one.when)} → {one.goto}, {said(other.when)} → {other.goto}",
                    lambda s=step, r=rules: _rules(flow, s, r),
                )


def drop_rule(flow: Flow) -> Iterator[Fault]:
    """A rule is deleted."""
    for step, question in flow.questions.items():
        for n, rule in enumerate(question.next):
            yield Fault(
                "drop-rule",
                f"{step} rule {n + 1} {said(rule.when)} → {rule.goto}",
                lambda s=step, n=n: _replace(flow, s, n),
            )


def _when(flow: Flow, operator: str, step: str, n: int, when: When, what: str) -> Fault:
    rule = flow.questions[step].next[n]
    return Fault(
        operator,
        f"{step} rule {n + 1} {said(rule.when)} → {rule.goto}: {what}",
        lambda: _replace(flow, step, n, rule.model_copy(update={"when": when})),
    )


def drop_when(flow: Flow) -> Iterator[Fault]:
    """A rule asks for one answer less."""
    for step, question in flow.questions.items():
        for n, rule in enumerate(question.next):
            for on in rule.when:
                rest = {other: options for other, options in rule.when.items() if other != on}
                yield _when(flow, "drop-when", step, n, rest, f"without {on}")


def narrow_when(flow: Flow) -> Iterator[Fault]:
    """A rule holds for one option fewer."""
    for step, question in flow.questions.items():
        for n, rule in enumerate(question.next):
            for on, options in rule.when.items():
                for gone in options if len(options) > 1 else ():
                    kept = tuple(option for option in options if option != gone)
                    yield _when(flow, "narrow-when", step, n, {**rule.when, on: kept}, f"not for {on}/{gone}")


def widen_when(flow: Flow) -> Iterator[Fault]:
    """A rule holds for one option more."""
    for step, question in flow.questions.items():
        for n, rule in enumerate(question.next):
            for on, options in rule.when.items():
                for more in flow.questions[on].options if on in flow.questions else ():
                    if more not in options:
                        yield _when(
                            flow, "widen-when", step, n, {**rule.when, on: (*options, more)}, f"also {on}/{more}"
                        )


def drop_flag(flow: Flow) -> Iterator[Fault]:
    """An answer loses a flag."""
    for step, question in flow.questions.items():
        for name, option in question.options.items():
            for flag in option.flags:
                left = tuple(other for other in option.flags if other is not flag)
                options = {**question.options, name: option.model_copy(update={"flags": left})}
                yield Fault(
                    "drop-flag",
                    f"{step}/{name}: {flag}",
                    lambda s=step, q=question, o=options: with_question(flow, s, q.model_copy(update={"options": o})),
                )


def drop_option(flow: Flow) -> Iterator[Fault]:
    """An answer is deleted, and with it what rules ask of it."""
    for step, question in flow.questions.items():
        for name in question.options if len(question.options) > 2 else ():
            yield Fault("drop-option", f"{step}/{name}", lambda s=step, n=name: _without_option(flow, s, n))


def _without_option(flow: Flow, step: str, name: str) -> Flow:
    question = flow.questions[step]
    options = {other: option for other, option in question.options.items() if other != name}
    kept = with_question(flow, step, question.model_copy(update={"options": options}))
    questions = {
        other: q.model_copy(update={"next": tuple(r for rule in q.next if (r := _unasked(rule, step, name)))})
        for other, q in kept.questions.items()
    }
    return kept.model_copy(update={"questions": questions})


def _unasked(rule: Rule, step: str, name: str) -> Rule | None:
    if step not in rule.when:
        return rule
    left = tuple(option for option in rule.when[step] if option != name)
    return rule.model_copy(update={"when": {**rule.when, step: left}}) if left else None


def drop_question(flow: Flow) -> Iterator[Fault]:
    """A question is not asked any more: everybody goes where the calm answer led."""
    for step in flow.questions:
        if step != flow.start:
            yield Fault(
                "drop-question",
                f"{step}, as if «{calm(flow.questions[step])}»",
                lambda s=step: _without_question(flow, s),
            )


def calm(question: Question) -> str:
    """The answer that says that nothing is wrong."""
    known = [name for name in CALM if name in question.options]
    return known[0] if known else [name for name in question.options if name != "ved-ikke"][-1]


def _without_question(flow: Flow, gone: str) -> Flow:
    answer = calm(flow.questions[gone])
    own = flow.questions[gone].options[answer].goto
    onward = (Rule(goto=own),) if own else flow.questions[gone].next
    onward = tuple(r for rule in onward if (r := _as_if(rule, gone, answer)))
    questions = {s: _led_past(s, q, gone, answer, onward) for s, q in flow.questions.items() if s != gone}
    return flow.model_copy(update={"questions": questions})


def _led_past(step: str, question: Question, gone: str, answer: str, onward: tuple[Rule, ...]) -> Question:
    """A question with its ways to the one that is gone led on, each by the rules of that one."""
    rules, options = list[Rule](), dict(question.options)
    for name, option in question.options.items():
        if option.goto == gone:
            options[name] = option.model_copy(update={"goto": None})
            rules += [joined for after in onward if (joined := _both({step: (name,)}, after))]
    for rule in question.next:
        asked = _as_if(rule, gone, answer)
        if asked and asked.goto == gone:
            rules += [joined for after in onward if (joined := _both(asked.when, after))]
        elif asked:
            rules.append(asked)
    if rules and rules[-1].when and (not question.next or question.next[-1].goto == gone):
        rules[-1] = rules[-1].model_copy(update={"when": {}})  # all others are met before: what is left is this
    return question.model_copy(update={"options": options, "next": tuple(rules)})


def _as_if(rule: Rule, gone: str, answer: str) -> Rule | None:
    """A rule when a question was answered so: without asking for it, or not at all."""
    if gone not in rule.when:
        return rule
    rest = {on: options for on, options in rule.when.items() if on != gone}
    return rule.model_copy(update={"when": rest}) if answer in rule.when[gone] else None


def _both(when: When, rule: Rule) -> Rule | None:
    """A rule that also asks for these; None when no single answer meets both."""
    merged = dict(when)
    for on, options in rule.when.items():
        merged[on] = tuple(o for o in merged[on] if o in options) if on in merged else options
    return Rule(when=merged, goto=rule.goto) if all(merged.values()) else None


def said(when: When) -> str:
    """A condition in one line."""
    return "{" + ", ".join(f"{on}: {'|'.join(options)}" for on, options in when.items()) + "}"
