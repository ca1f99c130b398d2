"""What sensing and acting share: one Modbus TCP link, and the strict reader of `firmware_configs/`."""
