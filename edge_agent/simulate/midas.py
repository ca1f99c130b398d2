"""Honeywell Midas as its user manual describes it: appendix A, table A1, pages A-3 and A-4.

Holding registers 40001..40007 (0..6 on the wire): status, gas, concentration as a float and as an
integer, most important fault, decimals and unit. The heartbeat bit toggles every two seconds.
"""

import struct

from edge_agent.simulate.gas_modules import Sensor
from edge_agent.simulate.modbus_server import Code, ModbusError


class Midas:
    """One Midas with a cartridge that reads in ppm."""

    WARMUP, MONITORING, INHIBITED, CALIBRATING = 0, 1, 4, 8  # bits 0..3
    INSTRUMENT_FAULT = 2 << 4
    ALARM_1, ALARM_2 = 1 << 6, 1 << 7
    HEARTBEAT_BIT, HEARTBEAT_S = 11, 2.0
    PPM, MILLIAMPERES = 1 << 8, 16 << 8  # high byte of 40007

    def __init__(self, sensor: Sensor) -> None:
        """Any gas: the cartridge says which, by a number of the maker's list."""
        self.sensor = sensor

    def registers(self, now_s: float) -> list[int]:
        """40001 status, 40002 gas, 40003-4 float, 40005 integer, 40006 fault, 40007 decimals and unit."""
        spec, seen_s = self.sensor.spec, self.sensor.seen_at_s(now_s)
        fault = self.sensor.ailing("sensor_fault", now_s)
        reading = 0.0 if fault else self.sensor.reading(seen_s)
        high, low = struct.unpack(">HH", struct.pack(">f", reading))
        return [
            self._status(now_s, seen_s, reading, fault=fault),
            0,
            high,
            low,
            min(0xFFFF, round(reading * 10**spec.decimals)),
            1 if fault else 0,
            (self.MILLIAMPERES if self.sensor.ailing("wrong_unit", now_s) else self.PPM) | spec.decimals,
        ]

    def _status(self, now_s: float, seen_s: float, reading: float, *, fault: bool) -> int:
        sensor, state = self.sensor, self.MONITORING
        if sensor.warming(now_s):
            state = self.WARMUP
        elif sensor.ailing("inhibit", now_s):
            state = self.INHIBITED
        elif sensor.ailing("calibration", now_s):
            state = self.CALIBRATING
        elif sensor.ailing("status", now_s):
            state = sensor.status
        beat = int(seen_s / self.HEARTBEAT_S) % 2 << self.HEARTBEAT_BIT
        alarms = self.ALARM_1 * (reading >= sensor.spec.low) | self.ALARM_2 * (reading >= sensor.spec.high)
        return state | self.INSTRUMENT_FAULT * fault | alarms | beat

    def write(self, address: int, value: int) -> str:  # noqa: ARG002 - refused whatever it says
        """40021 and 40022 take commands; a box that guards must never send one."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)
