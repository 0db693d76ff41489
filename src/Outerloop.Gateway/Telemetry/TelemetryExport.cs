using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Outerloop.Gateway.Telemetry;

/// <summary>
/// Sends metrics and spans by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, as all of OpenTelemetry's <c>OTEL_</c> variables have it;
/// nothing where it says nothing.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters = [GatewayTelemetry.Name, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private readonly MeterProvider _metrics;
    private readonly TracerProvider _spans;

    private TelemetryExport(MeterProvider metrics, TracerProvider spans)
    {
        _metrics = metrics;
        _spans = spans;
    }

    /// <summary>Null where nobody wants it.</summary>
    public static TelemetryExport? Start()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            return null;
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("outerloop-gateway").AddEnvironmentVariableDetector();
        return new TelemetryExport(
            Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build(),
            Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(GatewayTelemetry.Name).AddOtlpExporter().Build());
    }

    /// <summary>Sends what is left, for some seconds at most.</summary>
    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }
}
