"""A type for the vector unit: `LANES` numbers that are loaded, multiplied and stored as one.

The compiler finds such vectors by itself in simple loops, but not where sums stay in registers across an outer loop,
which is what the product of a sparse matrix with several vectors needs.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, register_model

LANES = 8


class LanesType(types.Type):
    """LANES numbers of one floating type."""

    def __init__(self, number):
        self.number = number
        super().__init__(name=f"Lanes({number})")


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, lanes):
        number = ir.FloatType() if lanes.number == types.float32 else ir.DoubleType()
        super().__init__(manager, lanes, ir.VectorType(number, LANES))


@intrinsic
def load(typing_context, array, place):
    """array[place] … array[place + LANES - 1] of a flat array; place is uint64 and not checked."""

    def generate(context, builder, signature, arguments):
        pointer = _pointer(context, builder, signature.args[0], arguments[0], arguments[1])
        return builder.load(pointer, align=array.dtype.bitwidth // 8)

    return LanesType(array.dtype)(array, types.uint64), generate


@intrinsic
def store(typing_context, array, place, lanes):
    """array[place] … array[place + LANES - 1] ← lanes."""

    def generate(context, builder, signature, arguments):
        pointer = _pointer(context, builder, signature.args[0], arguments[0], arguments[1])
        builder.store(arguments[2], pointer, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.uint64, lanes), generate


@intrinsic
def splat(typing_context, number):
    """The same number in every lane."""

    def generate(context, builder, signature, arguments):
        return _spread(arguments[0], builder)

    return LanesType(number)(number), generate


@intrinsic
def fused(typing_context, number, lanes, total):
    """total + number · lanes."""

    def generate(context, builder, signature, arguments):
        product = builder.fmul(_spread(arguments[0], builder), arguments[1], flags=("fast",))
        return builder.fadd(arguments[2], product, flags=("fast",))

    return lanes(lanes.number, lanes, lanes), generate


@intrinsic
def added(typing_context, first, second):
    """first + second, lane by lane."""

    def generate(context, builder, signature, arguments):
        return builder.fadd(*arguments)

    return first(first, second), generate


@intrinsic
def times(typing_context, first, second):
    """first · second, lane by lane."""

    def generate(context, builder, signature, arguments):
        return builder.fmul(*arguments)

    return first(first, second), generate


@intrinsic
def widened(typing_context, lanes):
    """The same numbers in double precision."""

    def generate(context, builder, signature, arguments):
        if lanes.number == types.float64:
            return arguments[0]
        return builder.fpext(arguments[0], ir.VectorType(ir.DoubleType(), LANES))

    return LanesType(types.float64)(lanes), generate


def _pointer(context, builder, array_type, array, place):
    data = cgutils.create_struct_proxy(array_type)(context, builder, array).data
    number = context.get_value_type(array_type.dtype)
    return builder.bitcast(builder.gep(data, [place]), ir.VectorType(number, LANES).as_pointer())


def _spread(number, builder):
    vector = ir.VectorType(number.type, LANES)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, one, mask)
