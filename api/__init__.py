"""How people reach the service: the composition root, where settings become engines, clients and pages."""
