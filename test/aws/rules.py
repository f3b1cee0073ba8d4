"""Priorities of listener rules that change all at once: moto takes each rule for itself, and refuses two that trade places."""

from typing import Any

from moto.elbv2.models import ELBv2Backend


def install() -> None:
    """Lets SetRulePriorities look only at the order that results, as AWS documents it."""
    one_by_one = ELBv2Backend.set_rule_priorities

    def set_rule_priorities(self: ELBv2Backend, rule_priorities: list[dict[str, Any]]) -> Any:
        moving = self.describe_rules(listener_arn=None, rule_arns=[one["RuleArn"] for one in rule_priorities])
        before = [(rule, rule.priority) for rule in moving]
        # Those that move are in nobody's way.
        for rule in moving:
            rule.priority = None
        try:
            return one_by_one(self, rule_priorities)
        except Exception:
            for rule, priority in before:
                rule.priority = priority
            raise

    ELBv2Backend.set_rule_priorities = set_rule_priorities
