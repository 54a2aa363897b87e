# Millrace as a container image: ./millrace's commands behind `docker run millrace COMMAND`.
#
#   docker build --tag millrace .
#
# Both of Docker's builders take it: nothing here needs BuildKit. How it is used: docs/compose.md.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

# Everything that Maven fetches. The poms decide that, so a change of sources does not come by here; the schemas are
# compiled with them, because a compiler with nothing to compile fetches none of its plugins.
FROM ${JDK_IMAGE} AS dependencies
# The wrapper brings the project's own Maven, and its checksum is that of the zip file.
RUN command -v unzip >/dev/null \
 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends unzip && rm -rf /var/lib/apt/lists/*; }
WORKDIR /build
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY model/pom.xml model/
COPY serving/pom.xml serving/
COPY topology/pom.xml topology/
COPY app/pom.xml app/
COPY tests/pom.xml tests/
COPY schemas schemas
RUN ./mvnw --quiet package --projects app --also-make -DskipTests -Dspotless.check.skip=true \
 && mkdir /dependencies \
 && find app/target/lib -name '*.jar' ! -name 'millrace-*' -exec mv {} /dependencies/ \;

FROM dependencies AS build
COPY model/src model/src
COPY serving/src serving/src
COPY topology/src topology/src
COPY app/src app/src
RUN ./mvnw --quiet --offline package --projects app --also-make -DskipTests -Dspotless.check.skip=true \
 && mkdir /jars \
 && mv app/target/lib/millrace-*.jar /jars/

FROM ${JRE_IMAGE}
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Millrace" \
      org.opencontainers.image.description="A convolutional network that learns from a Kafka topic" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A fixed number, so that a volume's owner stays the same from image to image.
RUN useradd --uid 10001 --home-dir /var/lib/millrace --shell /usr/sbin/nologin millrace \
 && install --directory --owner=10001 --group=10001 /var/lib/millrace
WORKDIR /var/lib/millrace
COPY --from=dependencies /dependencies /opt/millrace/dependencies
COPY docker/entrypoint docker/health /opt/millrace/bin/
COPY .mvn/run-flags /opt/millrace/run-flags
COPY networks /opt/millrace/networks
COPY --from=build /jars /opt/millrace/jars
USER 10001
VOLUME /var/lib/millrace
# The JVM sees the container's memory: this much of it is heap, the rest is for threads, sockets and mapped weights.
ENV MILLRACE_JAVA_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError" \
    MILLRACE_HEALTH_PORT=8080
EXPOSE 8080
# Of the commands that answer over HTTP; compose says which of its services have none.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 CMD ["/opt/millrace/bin/health"]
ENTRYPOINT ["/opt/millrace/bin/entrypoint"]
CMD ["--help"]
