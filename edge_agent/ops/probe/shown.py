"""One look at one detector for pages: raw registers, what they mean, value, unit, quality; which profile fits."""

from pathlib import Path

from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.modbus import Link, ModbusError
from edge_agent.ops.probe.asking import Asker
from edge_agent.ops.probe.learn import Fit, learn, standing_out, suggestion
from edge_agent.ops.probe.look import COMPARE, EXPOSE, checks, named, told_gas, verdict
from edge_agent.ops.probe.meaning import meanings
from edge_agent.ops.probe.scan import GATEWAY
from edge_agent.sense import profile_file
from edge_agent.sense.gas_decode import bits, decode
from edge_agent.sense.profile import GasField, GasProfile
from edge_agent.sense.profile_fit import fitted
from edge_agent.settings.site_sensors import GasTable, GaugeTable
from edge_agent.tell.live_setup import Probed, ProfileFit, RawRegister


def probed(link: Link, table: GasTable | GaugeTable, root: Path) -> Probed:
    """What stands on the wire, by the profile of `table`; without one, by the one that stands out."""
    asker = Asker(link=link, unit_id=table.unit_id or 0)
    try:
        fits = () if table.profile else tuple(learn(asker, root, table.channel))
        name = table.profile or standing_out(list(fits))
        tried = Probed(
            failed=_nobody(asker),
            profile=name,
            fits=tuple(_shown(one) for one in fits),
            suggestion=suggestion(list(fits)) if fits else NOTHING,
        )
        return _looked(asker, table, profile_file.load(root, name), tried) if name else tried
    except ModbusError as fault:
        return Probed(failed=fault.words)


def _looked(asker: Asker, table: GasTable | GaugeTable, shape: GasProfile, tried: Probed) -> Probed:
    if shape.channels is not None and table.channel is None:
        return replace(tried, title=shape.title, failed=NO_CHANNEL)
    one = fitted(shape, table)
    words = asker.registers(one.blocks)
    meant = meanings(one, words)
    gas = table.what or told_gas(one, words)
    said = decode(one, words, gas, table.range)
    return replace(
        tried,
        title=shape.title,
        gas=gas,
        gases=_gases(one, words),
        registers=tuple(
            RawRegister(register=register, word=words[register], means=meant.get(register, NOTHING))
            for register in sorted(words)
        ),
        level=said.level,
        unit=said.unit,
        quality=said.quality.value,
        device_alarm=said.device_alarm,
        verdict=verdict(said, named(table, gas)),
        notes=(*checks(one, words, table), COMPARE if isinstance(table, GaugeTable) else EXPOSE),
    )


def _nobody(asker: Asker) -> Words:
    """What the gateway says where it reaches nobody at this address; NOTHING where somebody answered."""
    behind = [fault.words for fault in asker.failed.values() if fault.code in GATEWAY]
    return behind[0] if behind and not asker.told and len(behind) == len(asker.failed) else NOTHING


def _gases(shape: GasProfile, words: dict[int, int]) -> tuple[str, ...]:
    """What it may be: by the wire's own code, or by the family."""
    return shape.gas.codes.get(bits(words, shape.gas), ()) if isinstance(shape.gas, GasField) else shape.gases


NO_CHANNEL = Words("此类设备有多个通道：请填写通道号", "this family has several channels: enter the channel")


def _shown(fit: Fit) -> ProfileFit:
    return ProfileFit(profile=fit.name, title=fit.title, fits=fit.fits, proofs=fit.proofs, says=fit.says)
