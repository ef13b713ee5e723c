"""Stress, state and tangent at integration points that yield, crack and crush: plasticity with damage, point by point.

The effective stress, that of the matter between the cracks, follows Drucker and Prager with the two uniaxial strengths,

    f = √J2 + α I1 - k(κ),   k = k0 + h κ,   flow along ∂/∂σ (√J2 + β I1),

with a closed form for the return, to the cone or to its apex. κ is the equivalent plastic strain, that of uniaxial
tension under von Mises. What is felt outside is the nominal stress (1 - d) σ, 1 - d = (1 - dt)(1 - dc): dt grows with
the plastic strain under tension, dc with that under compression, shared by the triaxiality η = I1 / √(3 J2) by
w = ½ (1 + sin(½π η)), which is 1 in uniaxial tension and 0 in uniaxial compression.

Every tangent is A I + B 1⊗1 + C ŝ⊗ŝ + D ŝ⊗1 + E 1⊗ŝ, with ŝ the trial deviator over its √J2: eleven numbers.
Written so that it also runs on complex numbers, which is how its derivatives are tested.
"""

import numba
import numpy as np

# Columns of a row of properties.
LAM, MU, ALPHA, COHESION, BETA, HARDENING, TENSION_RATE, COMPRESSION_RATE, REST = range(9)
PROPERTIES = 9
# Columns of a row of state: plastic strain 0…5 (XX YY ZZ XY YZ XZ, true shear), the two equivalent plastic strains,
# damage, and the energy lost per volume; then the nominal stress and the energy stored per volume.
KAPPA_T, KAPPA_C, DAMAGE, LOST, STRESS, STORED = 6, 7, 8, 9, 10, 16
STATE = 17
TANGENT = 11  # A B C D E, ŝ

AT_APEX = 0.1  # share of the elastic stiffness that the stable tangent has at the apex

_ROOT3 = 1.7320508075688772
_inlined = numba.njit(error_model="numpy")


@_inlined
def update_point(strain, old, of, relax, follow, new, tangent):
    """new, tangent ← state and tangent under a strain (6,), from the state `old` at the start of the step.

    of (PROPERTIES,); relax: share of the way to its new value that damage goes in this step, 1 without viscosity.
    follow: 1 for the consistent tangent, 0 for one that takes damage as it is: less steep, but never negative.
    """
    lam, mu = of[LAM], of[MU]
    bulk = lam + 2.0 * mu / 3.0
    xx, yy, zz = strain[0] - old[0], strain[1] - old[1], strain[2] - old[2]
    xy, yz, xz = strain[3] - old[3], strain[4] - old[4], strain[5] - old[5]
    trace = xx + yy + zz
    third = trace / 3.0
    first = 3.0 * bulk * trace  # I1
    xx, yy, zz = 2.0 * mu * (xx - third), 2.0 * mu * (yy - third), 2.0 * mu * (zz - third)
    xy, yz, xz = 2.0 * mu * xy, 2.0 * mu * yz, 2.0 * mu * xz
    root = np.sqrt(0.5 * (xx * xx + yy * yy + zz * zz) + xy * xy + yz * yz + xz * xz)  # √J2
    kappa = old[KAPPA_T] + old[KAPPA_C]
    alpha, beta, hardening = of[ALPHA], of[BETA], of[HARDENING]
    yield_now = of[COHESION] + hardening * kappa
    over = root + alpha * first - yield_now
    for k in range(9):
        new[k] = old[k]
    for k in range(TANGENT):
        tangent[k] = 0.0 * root
    kept = root  # √J2 after the return
    if over.real <= 0.0:
        whole = 1.0 - old[DAMAGE]
        tangent[0], tangent[1] = 2.0 * mu * whole, lam * whole
    else:
        inverse = 1.0 / root if root.real > 0.0 else 0.0 * root
        sxx, syy, szz = xx * inverse, yy * inverse, zz * inverse
        sxy, syz, sxz = xy * inverse, yz * inverse, xz * inverse
        stiff = mu + 9.0 * bulk * alpha * beta + hardening / _ROOT3
        gamma = over / stiff
        if (root - mu * gamma).real >= 0.0:
            kept = root - mu * gamma
            first = first - 9.0 * bulk * beta * gamma
            grown = gamma / _ROOT3
            ratio = kept * inverse
            gs, gv = mu / stiff, 3.0 * bulk * alpha / stiff  # dγ = gs ŝ:dε + gv tr dε
            a = 2.0 * mu * ratio
            b = bulk - 3.0 * bulk * beta * gv - a / 3.0
            c = mu * (1.0 - ratio) - mu * gs
            d = -mu * gv
            e = -3.0 * bulk * beta * gs
            ks, kv = gs / _ROOT3, gv / _ROOT3  # dκ
            safe = kept if kept.real > 1e-12 * yield_now.real else 1e-12 * yield_now
            eta = first / (_ROOT3 * safe)
            if eta.real >= 1.0:
                weight, slope = 1.0 + 0.0 * eta, 0.0 * eta
            elif eta.real <= -1.0:
                weight, slope = 0.0 * eta, 0.0 * eta
            else:
                weight = 0.5 * (1.0 + np.sin(0.5 * np.pi * eta))
                slope = 0.25 * np.pi * np.cos(0.5 * np.pi * eta)
            # dη from dI1 = 3 dp and d√J2
            es = (3.0 * e - eta * _ROOT3 * (mu - mu * gs)) / (_ROOT3 * safe)
            ev = (3.0 * (b + a / 3.0) + eta * _ROOT3 * mu * gv) / (_ROOT3 * safe)
        else:  # the apex
            kept = 0.0 * root
            turned = root / mu
            # κ grows by the deviator as on the cone, and by what the volume grows beyond the flow along it.
            opened = first / (3.0 * bulk) - 3.0 * beta * turned
            at_apex = (yield_now + hardening * (turned / _ROOT3 + opened)) / (alpha + hardening / (3.0 * bulk))
            ds = hardening * (1.0 / _ROOT3 - 3.0 * beta) / (alpha + hardening / (3.0 * bulk))  # dI1
            dv = hardening / (alpha + hardening / (3.0 * bulk))
            grown = turned / _ROOT3 + opened - at_apex / (3.0 * bulk)
            first = at_apex
            # At the apex nothing resists: a tangent that need not be exact keeps some, or iterations go to and fro.
            some = (1.0 - follow) * AT_APEX
            a, c, d = 2.0 * mu * some + 0.0 * root, 0.0 * root, 0.0 * root
            b, e = dv / 3.0 + lam * some + 0.0 * root, ds / 3.0 + 0.0 * root
            ks, kv = 1.0 / _ROOT3 - 3.0 * beta - ds / (3.0 * bulk), 1.0 - dv / (3.0 * bulk)
            weight, slope, es, ev = 1.0 + 0.0 * root, 0.0 * root, 0.0 * root, 0.0 * root
        kt = old[KAPPA_T] + weight * grown
        kc = old[KAPPA_C] + (1.0 - weight) * grown
        sound_t = np.exp(-kt * of[TENSION_RATE])
        far = kc * of[COMPRESSION_RATE]
        fading = (1.0 - of[REST]) * np.exp(-far)
        sound_c = of[REST] + fading * (1.0 + far)
        target = 1.0 - sound_t * sound_c
        damage, dt, dc = old[DAMAGE], 0.0 * root, 0.0 * root
        if target.real > damage.real:
            damage = damage + relax * (target - damage)
            dt = relax * sound_c * sound_t * of[TENSION_RATE]
            dc = relax * sound_t * fading * far * of[COMPRESSION_RATE]
        # dd = ds ŝ:dε + dv tr dε
        turn = grown * slope * (dt - dc)
        along = dt * weight + dc * (1.0 - weight)
        ds, dv = follow * (along * ks + turn * es), follow * (along * kv + turn * ev)
        whole, pressure = 1.0 - damage, first / 3.0
        tangent[0], tangent[1] = whole * a, whole * b - pressure * dv
        tangent[2], tangent[3], tangent[4] = whole * c - kept * ds, whole * d - kept * dv, whole * e - pressure * ds
        tangent[5], tangent[6], tangent[7] = sxx, syy, szz
        tangent[8], tangent[9], tangent[10] = sxy, syz, sxz
        shear, volume = (root - kept) / (2.0 * mu), trace / 3.0 - first / (9.0 * bulk)
        new[0], new[1], new[2] = (
            old[0] + shear * sxx + volume,
            old[1] + shear * syy + volume,
            old[2] + shear * szz + volume,
        )
        new[3], new[4], new[5] = old[3] + shear * sxy, old[4] + shear * syz, old[5] + shear * sxz
        new[KAPPA_T], new[KAPPA_C], new[DAMAGE] = kt, kc, damage
        xx, yy, zz, xy, yz, xz = kept * sxx, kept * syy, kept * szz, kept * sxy, kept * syz, kept * sxz
    whole, pressure = 1.0 - new[DAMAGE], first / 3.0
    new[STRESS], new[STRESS + 1], new[STRESS + 2] = (
        whole * (xx + pressure),
        whole * (yy + pressure),
        whole * (zz + pressure),
    )
    new[STRESS + 3], new[STRESS + 4], new[STRESS + 5] = whole * xy, whole * yz, whole * xz
    stored = 0.5 * (kept * kept / mu + first * first / (9.0 * bulk))  # of the effective stress
    new[STORED] = whole * stored
    lost = 0.0 * root
    for k in range(6):  # trapezoid: σ:dεp, shear counted twice
        mean = 0.5 * (old[STRESS + k] + new[STRESS + k]) * (new[k] - old[k])
        lost += mean if k < 3 else 2.0 * mean
    before = old[STORED] / (1.0 - old[DAMAGE]) if (1.0 - old[DAMAGE]).real > 1e-12 else 0.0 * stored
    new[LOST] = old[LOST] + lost + 0.5 * (before + stored) * (new[DAMAGE] - old[DAMAGE])


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_points(strain, old, properties, relax, follow, new, tangent):
    """new, tangent ← `update_point` of every point.

    strain (p, 6), old and new (p, STATE), properties (p, PROPERTIES), tangent (p, TANGENT).
    """
    n = strain.shape[0]
    for part in numba.prange(64):
        for p in range(n * part // 64, n * (part + 1) // 64):
            update_point(strain[p], old[p], properties[p], relax, follow, new[p], tangent[p])


@numba.njit(cache=True, parallel=True, error_model="numpy")
def fill_tangent_stress(strain, tangent, stress):
    """stress[p] ← tangent times a strain (p, 6), true shear."""
    n = strain.shape[0]
    for part in numba.prange(64):
        for p in range(n * part // 64, n * (part + 1) // 64):
            t, x = tangent[p], strain[p]
            trace = x[0] + x[1] + x[2]
            along = t[5] * x[0] + t[6] * x[1] + t[7] * x[2] + 2.0 * (t[8] * x[3] + t[9] * x[4] + t[10] * x[5])
            spread, turned = t[1] * trace + t[4] * along, t[2] * along + t[3] * trace
            for k in range(6):
                stress[p, k] = t[0] * x[k] + turned * t[5 + k] + (spread if k < 3 else 0.0)
