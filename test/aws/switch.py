"""The HTTP switch by which tests say what becomes of tasks.

    POST   /moto-api/ecs/fates  {"kind": "cannot-pull", "task": "users", "of": "service"}   the latest that fits counts
    DELETE /moto-api/ecs/fates                                                               as /moto-api/reset does
    POST   /moto-api/ecs/tick   {"milliseconds": 5}                                          how fast time goes

A fate counts for tasks that start afterwards.
"""

import json
from dataclasses import asdict
from typing import Any

from fate import KINDS, Fate
from moto.moto_api._internal import urls
from moto.moto_api._internal.models import MotoAPIBackend
from world import clock, fates


def answer(status: int, body: Any) -> tuple[int, dict[str, str], str]:
    return status, {"Content-Type": "application/json"}, json.dumps(body)


def on_fates(request: Any, full_url: str, headers: Any) -> Any:
    if request.method == "DELETE":
        fates.clear()
        return answer(200, [])
    try:
        fate = Fate(**json.loads(request.data))
    except (TypeError, ValueError) as error:
        return answer(400, {"error": str(error)})
    if fate.kind not in KINDS:
        return answer(400, {"error": f"kind must be one of {', '.join(KINDS)}"})
    fates.insert(0, fate)
    return answer(200, asdict(fate))


def on_tick(request: Any, full_url: str, headers: Any) -> Any:
    clock.tick = json.loads(request.data)["milliseconds"] / 1000
    return answer(200, {"milliseconds": clock.tick * 1000})


def install() -> None:
    urls.url_paths["{0}/moto-api/ecs/fates"] = on_fates
    urls.url_paths["{0}/moto-api/ecs/tick"] = on_tick
    reset = MotoAPIBackend.reset

    def reset_all(self: MotoAPIBackend) -> None:
        fates.clear()
        clock.reset()
        reset(self)

    MotoAPIBackend.reset = reset_all
