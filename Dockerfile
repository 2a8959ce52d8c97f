# The controller and the command line. Build it with:
#   docker build --build-arg VERSION=v0.1.0 --build-arg REVISION=$(git rev-parse HEAD) -t generatorset .

ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY config/node/package.json config/node/
RUN ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
COPY config config
COPY generators generators
COPY src src
COPY templates templates
# Files of a clone may be its owner's only.
RUN ["node", "config/bundle.ts"]
RUN ["chmod", "-R", "u=rwX,go=rX", "dist"]

FROM ${BASE_IMAGE}
# ssh refuses a user that has no name. The cache is a volume where the root is read-only. Nothing gives its user other
# rights than those that the user has.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git openssh-client tini \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
 && find / -xdev -type f -perm /6000 -exec chmod a-s '{}' + \
 && echo 'generatorset:x:65532:65532::/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'generatorset:x:65532:' >> /etc/group \
 && chown 65532:65532 /var/cache
# Node.js alone: npm has no place beside a controller.
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --chmod=644 package.json /opt/generatorset/
COPY --chmod=755 bin /opt/generatorset/bin
COPY --from=build /src/dist /opt/generatorset/dist
RUN ["ln", "-s", "/opt/generatorset/bin/generatorset.cjs", "/usr/local/bin/generatorset"]

ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="generatorset" \
      org.opencontainers.image.description="Keeps Kubernetes manifests true: queries become safe, reviewed Git commits" \
      org.opencontainers.image.source="https://github.com/generatorset/generatorset" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
ENV NODE_ENV=production \
    XDG_CACHE_HOME=/var/cache
# Metrics and health of the controller.
EXPOSE 8080 9440
USER 65532:65532
WORKDIR /tmp
# The first process of a container inherits what git leaves behind when it is stopped, and Node.js waits for its own only.
ENTRYPOINT ["tini", "-s", "--", "generatorset"]
