# Baton's two images, built by the scripts that everyone builds with.
#   docker build -t baton .                  the five executables and no shell: `docker run … baton-switch status`,
#                                            Kubernetes Jobs, `COPY --from=baton /usr/local/bin/ /usr/local/bin/`
#   docker build --target ci -t baton:ci .   with sh, git and the databases' dump programs: GitLab's `image:`, GitHub's
#                                            `container:`
# Both run as uid 65532, and as any other; nothing of the image is ever written to, so a read-only root does.
ARG BASE=docker.io/library/debian:12-slim

FROM ${BASE} AS build
WORKDIR /baton
ENV LANG=C.UTF-8 CCACHE_BASEDIR=/baton CCACHE_NOHASHDIR=1 CCACHE_DIR=/root/.cache/ccache
# Packages and static libraries outlive changed sources, each in its layer.
COPY cmake/packages.sh cmake/
RUN cmake/packages.sh build linked
COPY cmake/apt.sh cmake/build-deps.sh cmake/poco-unity.cmake cmake/libpq-absent.c cmake/
RUN cmake/build-deps.sh
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY cmake cmake
COPY common common
COPY tools tools
RUN --mount=type=cache,id=baton-ccache,target=/root/.cache/ccache \
    cmake --preset release && cmake --build --preset release && cmake/image-root.sh build/release /image && mv /image/usr/local /five && rm -rf build

FROM ${BASE} AS ci
# pg_dump reads servers up to its own major. Empty: the base's; one that the base lacks comes from PostgreSQL's own archive.
ARG POSTGRES_MAJOR=
RUN apt-get update && \
    client=postgresql-client${POSTGRES_MAJOR:+-${POSTGRES_MAJOR}} && \
    if ! apt-cache show "$client" > /dev/null 2>&1; then \
      apt-get install -y --no-install-recommends ca-certificates postgresql-common && \
      /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; \
    fi && \
    apt-get install -y --no-install-recommends ca-certificates git mariadb-client "$client" && \
    rm -rf /var/lib/apt/lists/* && \
    find / -xdev -type f -perm /6000 -exec chmod a-s {} + && \
    useradd --uid 65532 --user-group --create-home --shell /bin/sh baton && \
    git config --system safe.directory '*'
COPY --from=build /image/usr/ /usr/
COPY --from=build /five/ /usr/local/
COPY --from=build /image/work/ /work/
ENV HOME=/home/baton
WORKDIR /work
USER 65532:65532
CMD ["sh"]
ARG BASE
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="baton" \
      org.opencontainers.image.description="Five executables that carry a release into production, with sh, git and dump programs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"

FROM scratch AS tools
# What changes with each release is the second layer.
COPY --from=build /image/ /
COPY --from=build /five/ /usr/local/
ENV PATH=/usr/local/bin
WORKDIR /work
USER 65532:65532
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="baton" \
      org.opencontainers.image.description="Five executables that carry a release into production" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
