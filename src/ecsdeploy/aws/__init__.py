"""The only importer of the AWS SDK. Imported by `api` alone; satisfies `engine.ports` structurally."""
