# ecs-deploy as an image, from the wheel that `make dist` has put into dist/. Any base will do that has Python 3.11 or
# newer with its venv.
ARG BASE=python:3.13-slim

FROM ${BASE} AS wheel
COPY constraints.txt dist/*.whl /build/
RUN python3 -m venv /opt/ecs-deploy

# Each environment is compiled for files without times, which images keep or not; and nothing is installed later.
FROM wheel AS installed
RUN /opt/ecs-deploy/bin/pip install --no-cache-dir --no-compile --constraint /build/constraints.txt /build/*.whl \
 && /opt/ecs-deploy/bin/pip uninstall --quiet --yes pip setuptools \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/ecs-deploy/lib

FROM wheel AS installed-with-neighbours
RUN /opt/ecs-deploy/bin/pip install --no-cache-dir --no-compile --constraint /build/constraints.txt \
    "$(echo /build/*.whl)[local]" \
 && /opt/ecs-deploy/bin/pip uninstall --quiet --yes pip setuptools \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/ecs-deploy/lib

FROM ${BASE} AS base
# A user without a name, as not every base can make one, and with a home for its settings.
RUN mkdir -p /home/ecs-deploy /work \
 && chown 65532:65532 /home/ecs-deploy /work \
 && ln -s /opt/ecs-deploy/bin/ecs-deploy /usr/local/bin/ecs-deploy \
 && ln -s /opt/ecs-deploy/bin/ecs-deploy /ecs-deploy
ENV HOME=/home/ecs-deploy
WORKDIR /work
USER 65532:65532
LABEL org.opencontainers.image.title="ecs-deploy" org.opencontainers.image.licenses="Apache-2.0"

# The simulator, with what surrounds ECS. It listens on loopback: run it on the network of who calls it, or
# with `--listen 0.0.0.0` and a port that is published on the loopback of the host.
FROM base AS simulator
COPY --from=installed-with-neighbours /opt/ecs-deploy /opt/ecs-deploy
ENTRYPOINT ["ecs-deploy", "sim"]

FROM base AS tool
COPY --from=installed /opt/ecs-deploy /opt/ecs-deploy
ENTRYPOINT ["ecs-deploy"]
