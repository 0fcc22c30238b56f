"""Work of a replica, alone and side by side with others."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from capacity.market.catalogue import Catalogue
from capacity.serving.replica import Replica
from capacity.serving.replica_work import ReplicaWork

KNOWN = Catalogue.load()
DENSE = Replica(KNOWN.accelerators["H100-SXM"], KNOWN.architectures["llama-3.1-70b"], tp=4)
EXPERTS = replace(DENSE, architecture=KNOWN.architectures["mixtral-8x7b"], weight_dtype="fp8")


def test_stacked_work_is_that_of_each_replica() -> None:
    works = [ReplicaWork.of(replica) for replica in (DENSE, EXPERTS)]
    both = ReplicaWork.stack(works)
    for field in fields(ReplicaWork):
        alone = [
            float(getattr(ReplicaWork.of(replica), field.name)) for replica in (DENSE, EXPERTS)
        ]
        assert getattr(both, field.name).tolist() == alone, field.name


def test_twice_the_cards_halve_what_is_divided_among_them() -> None:
    few, many = ReplicaWork.of(DENSE), ReplicaWork.of(replace(DENSE, tp=8))
    for name in ("weights_s", "token_s", "head_s", "kv_token_s", "pair_s", "matrix"):
        assert getattr(few, name) / getattr(many, name) == pytest.approx(2.0), name
    assert many.send_s == few.send_s


def test_only_experts_have_experts() -> None:
    dense, experts = ReplicaWork.of(DENSE), ReplicaWork.of(EXPERTS)
    assert dense.experts_s == dense.expert_share == dense.expert_token_s == 0.0
    assert float(experts.expert_share) == pytest.approx(2 / 8)


def test_a_model_that_uses_all_its_experts_reads_all_of_them() -> None:
    shape = replace(EXPERTS.architecture, experts_per_token=8)
    share = ReplicaWork.of(replace(EXPERTS, architecture=shape)).expert_share
    assert np.isfinite(np.log1p(-share))
    assert -np.expm1(np.log1p(-share)) == pytest.approx(1.0)
