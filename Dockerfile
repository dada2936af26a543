# One image for the service, its worker and MLflow's server; compose.yaml runs them together.
FROM python:3.11-slim-bookworm AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/zhuoyue UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /src
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.8
# The libraries first: they change seldom, and this layer is kept then.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --extra postgres --no-install-project
COPY README.md LICENSE ./
COPY qm_rules qm_rules
COPY features features
COPY models models
COPY serving serving
RUN uv sync --frozen --no-dev --extra postgres --no-editable

FROM python:3.11-slim-bookworm
# LightGBM's threads.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/zhuoyue zhuoyue && install -d -o zhuoyue -g zhuoyue -m 750 /var/lib/zhuoyue /var/lib/mlflow
COPY --from=build /opt/zhuoyue /opt/zhuoyue
ENV PATH=/opt/zhuoyue/bin:$PATH ZHUOYUE_HOME=/var/lib/zhuoyue MLFLOW_DISABLE_TELEMETRY=true PYTHONUNBUFFERED=1
USER zhuoyue
WORKDIR /var/lib/zhuoyue
VOLUME /var/lib/zhuoyue
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["zhuoyue"]
CMD ["serve", "--host", "0.0.0.0", "--workers", "2"]
