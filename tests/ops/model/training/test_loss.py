"""What the network is told: boxes where they are, nothing where nothing is claimed."""

import pytest
import torch
from torch import Tensor

from edge_agent.ops.model.training.loss import assign, boxes, grid, loss, overlaps

SIZE = (128, 160)  # height, width
CELLS = sum(SIZE[0] // s * (SIZE[1] // s) for s in (8, 16, 32))
PERSON = torch.tensor([[0.0, 40, 16, 88, 112]])
NONE = torch.zeros((0, 4))


def blank(pictures: int = 1) -> Tensor:
    """Outputs of a network that sees nothing anywhere."""
    raw = torch.zeros((pictures, CELLS, 9))
    raw[..., 4:] = -9
    return raw


def perfect(truth: Tensor) -> Tensor:
    """Outputs of a network that sees `truth` at the cells that are asked."""
    raw = blank()
    cells, strides = grid(*SIZE)
    for label, x1, y1, x2, y2 in truth.tolist():
        rows, _ = assign(
            boxes(raw[0], cells, strides), raw[0], torch.tensor([[label, x1, y1, x2, y2]]), cells, strides
        )
        raw[0, rows, :2] = torch.tensor([(x1 + x2) / 2, (y1 + y2) / 2]) / strides[rows] - cells[rows]
        raw[0, rows, 2:4] = (torch.tensor([x2 - x1, y2 - y1]) / strides[rows]).log()
        raw[0, rows, 4] = 8
        raw[0, rows, 5 + int(label)] = 8
    return raw


def test_what_is_right_costs_next_to_nothing_and_blindness_costs_much() -> None:
    right, _ = loss(perfect(PERSON), [PERSON], [NONE], SIZE)
    blind, _ = loss(blank(), [PERSON], [NONE], SIZE)
    assert float(right) < 1.5
    assert float(blind) > 8


@pytest.mark.parametrize("label", [1, 2, 3])
def test_the_wrong_label_costs(label: int) -> None:
    other = PERSON.clone()
    other[0, 0] = label
    right, wrong = (
        loss(perfect(PERSON), [PERSON], [NONE], SIZE)[1],
        loss(perfect(PERSON), [other], [NONE], SIZE)[1],
    )
    assert wrong["label"] > right["label"] + 2


def test_seeing_where_nothing_is_claimed_costs_nothing() -> None:
    empty = torch.zeros((0, 5))
    seen = perfect(PERSON).requires_grad_()
    alone, _ = loss(seen, [empty], [NONE], SIZE)
    doubtful, _ = loss(seen, [empty], [PERSON[:, 1:]], SIZE)
    blind, _ = loss(blank(), [empty], [NONE], SIZE)
    assert float(alone.detach()) > 5 + float(doubtful.detach())
    assert float(doubtful.detach()) == pytest.approx(float(blind), abs=0.01)
    (gradient,) = torch.autograd.grad(doubtful, seen)
    there = seen[0, :, 4] > 0
    assert there.any()
    assert float(gradient[0, there].abs().max()) == 0.0


def test_what_is_labelled_is_taught_though_a_doubtful_region_lies_on_it() -> None:
    """The box is right, and the network does not trust it: that is told, doubtful or not."""
    timid = perfect(PERSON)
    timid[..., 4] = -9
    parts = loss(timid, [PERSON], [PERSON[:, 1:]], SIZE)[1]
    assert parts["there"] > 4


def test_the_cells_that_answer_lie_near_the_middle_and_each_has_one_box() -> None:
    told = torch.tensor([[0.0, 40, 16, 88, 112], [1, 56, 16, 72, 28], [2, 48, 40, 80, 70]])
    cells, strides = grid(*SIZE)
    raw = blank()
    rows, which = assign(boxes(raw[0], cells, strides), raw[0], told, cells, strides)
    assert sorted(set(which.tolist())) == [0, 1, 2]
    assert len(set(rows.tolist())) == len(rows)
    middle = (told[which, 1:3] + told[which, 3:]) / 2
    assert ((cells[rows] + 0.5) * strides[rows] - middle).abs().lt(1.5 * strides[rows]).all()


def test_a_picture_of_nothing_and_a_batch_of_both() -> None:
    empty = torch.zeros((0, 5))
    total, parts = loss(torch.cat((perfect(PERSON), blank())), [PERSON, empty], [NONE, NONE], SIZE)
    assert torch.isfinite(total)
    assert parts["answers"] > 0
    far = torch.tensor([[0.0, 500, 500, 600, 600]])  # outside: no cell answers
    assert torch.isfinite(loss(blank(), [far], [NONE], SIZE)[0])


def test_overlaps_of_known_boxes() -> None:
    a = torch.tensor([[0.0, 0, 10, 10]])
    assert overlaps(a, torch.tensor([[0.0, 0, 10, 10], [5, 0, 15, 10], [20, 0, 30, 10]])).tolist()[
        0
    ] == pytest.approx([1, 1 / 3, 0], abs=1e-6)
