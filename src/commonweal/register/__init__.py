"""The register: what government declares, read from YAML into one frozen value. Pure Python."""
