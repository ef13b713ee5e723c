"""Nodal vectors to and from the lanes of the vector unit, four numbers at a time.

An element batch needs coordinate x of sixteen nodes in one register, y in the next, z in a third, while memory holds
x, y, z of one node side by side. One by one that takes three loads and three stores a node, more work than all the
arithmetic of an element; as loads of four numbers and shuffles it takes about one.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

# Elements worked on at once. Sixteen, because LLVM unrolls a shorter loop away before it can put it into vector lanes.
LANES = 16
WIDTH = 4  # numbers a node takes in memory: x, y, z and one that pads


@intrinsic
def gather(typing_context, nodal, local, first, lanes, place):
    """lanes[place + k·LANES + n] ← nodal[WIDTH·local[first + n] + k] for k < 3, n < LANES.

    nodal, lanes : flat arrays of one floating type; local : flat uint16 array; first, place : uint64.
    """

    def generate(context, builder, signature, arguments):
        number = context.get_value_type(nodal.dtype)
        source, target, starts = _pointers(context, builder, signature, arguments)
        four = [builder.load(pointer, align=_size(nodal)) for pointer in _nodes(builder, source, starts, number)]
        quads = [_joined(builder, _joined(builder, *four[k : k + 2]), _joined(builder, *four[k + 2 : k + 4]))
                 for k in range(0, LANES, 4)]  # fmt: skip
        for k in range(3):
            every_fourth = list(range(k, 2 * LANES, 4))
            row = _joined(
                builder, _picked(builder, *quads[:2], every_fourth), _picked(builder, *quads[2:], every_fourth)
            )
            builder.store(row, _vector_at(builder, target, _offset(builder, arguments[4], k), number, LANES),
                          align=_size(nodal))  # fmt: skip
        return context.get_dummy_value()

    return types.void(nodal, local, types.uint64, lanes, types.uint64), generate


@intrinsic
def scatter_add(typing_context, nodal, local, first, lanes, place):
    """nodal[WIDTH·local[first + n] + k] += lanes[place + k·LANES + n] for k < 3, n < LANES, one n after the other.

    What pads a node is changed too. Arguments as in `gather`.
    """

    def generate(context, builder, signature, arguments):
        number = context.get_value_type(nodal.dtype)
        target, source, starts = _pointers(context, builder, signature, arguments)
        rows = [
            builder.load(
                _vector_at(builder, source, _offset(builder, arguments[4], k), number, LANES), align=_size(nodal)
            )
            for k in range(3)
        ]
        pointers = _nodes(builder, target, starts, number)
        for g in range(0, LANES, 4):
            lane = range(g, g + 4)
            xy = _picked(builder, rows[0], rows[1], [i for n in lane for i in (n, LANES + n)])
            zz = _picked(builder, rows[2], rows[2], [i for n in lane for i in (n, n)])
            quad = _picked(builder, xy, zz, [i for n in range(4) for i in (2 * n, 2 * n + 1, 8 + 2 * n, 9 + 2 * n)])
            for n in range(4):
                own = _picked(builder, quad, quad, [4 * n, 4 * n + 1, 4 * n + 2, 4 * n + 3])
                total = builder.fadd(builder.load(pointers[g + n], align=_size(nodal)), own)
                builder.store(total, pointers[g + n], align=_size(nodal))
        return context.get_dummy_value()

    return types.void(nodal, local, types.uint64, lanes, types.uint64), generate


def _size(array) -> int:
    return array.dtype.bitwidth // 8


def _pointers(context, builder, signature, arguments):
    """Data of the nodal array and of the lanes, and the LANES offsets into the nodal one."""
    nodal, local, lanes = (
        cgutils.create_struct_proxy(signature.args[k])(context, builder, arguments[k]).data for k in (0, 1, 3)
    )
    starts = []
    for n in range(LANES):
        place = builder.add(arguments[2], ir.Constant(ir.IntType(64), n))
        index = builder.zext(builder.load(builder.gep(local, [place])), ir.IntType(64))
        starts.append(builder.mul(index, ir.Constant(ir.IntType(64), WIDTH)))
    return nodal, lanes, starts


def _nodes(builder, data, starts, number):
    return [_vector_at(builder, data, start, number, WIDTH) for start in starts]


def _vector_at(builder, data, offset, number, length):
    return builder.bitcast(builder.gep(data, [offset]), ir.VectorType(number, length).as_pointer())


def _offset(builder, place, row):
    return builder.add(place, ir.Constant(ir.IntType(64), row * LANES))


def _picked(builder, first, second, order):
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(ir.IntType(32), len(order)), order))


def _joined(builder, first, second):
    return _picked(builder, first, second, list(range(2 * first.type.count)))
