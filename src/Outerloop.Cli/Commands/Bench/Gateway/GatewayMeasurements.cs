namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>Times between question and answer, in milliseconds.</summary>
internal sealed record Latency(double Median, double P99)
{
    public static Latency Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        return sorted.Length == 0 ? new Latency(0, 0) : new Latency(At(sorted, 0.5), At(sorted, 0.99));
    }

    private static double At(double[] sorted, double share) => Math.Round(sorted[(int)(share * (sorted.Length - 1))], 3);
}

/// <summary>Answers to the same questions by the sampler in this process and by streams of the gateway.</summary>
/// <param name="Tokens">Decoded by each.</param>
/// <param name="ModelPerSecond">What <c>bench model --mode decode</c> says, with as many sequences at a time as there are clients: steps of decoding alone, no prompt is read.</param>
/// <param name="EnginePerSecond">Tokens of the sampler alone, with as many sequences at a time as there are clients; it reads the prompts too.</param>
/// <param name="SamplerPerSecond">The same with as many as it has by default, and so the gateway; the others wait.</param>
/// <param name="GatewayPerSecond">Tokens through the gateway, of tasks that were asked before.</param>
/// <param name="FirstAskedPerSecond">The same of tasks that are asked for the first time.</param>
/// <param name="FirstToken">From the request to its first token.</param>
/// <param name="Whole">To its end.</param>
/// <param name="SamplerCpu">Microseconds of processor time for each token.</param>
/// <param name="ServerCpu">The same of the gateway's process, the sampling included.</param>
/// <param name="ClientCpu">The same of the clients, which share the processors with the gateway.</param>
/// <param name="FirstAskedCpu">The same of both for tasks that are asked for the first time.</param>
/// <param name="Different">Answers of all rounds that are not, to the letter, those of the sampler.</param>
internal sealed record DecodingMeasurement(
    int Answers, int Tokens, double ModelPerSecond, double EnginePerSecond, double SamplerPerSecond, double GatewayPerSecond, double FirstAskedPerSecond,
    Latency FirstToken, Latency Whole, double SamplerCpu, double ServerCpu, double ClientCpu, double FirstAskedCpu, int Different)
{
    public double RatioToModel => Math.Round(GatewayPerSecond / ModelPerSecond, 3);

    public double RatioToEngine => Math.Round(GatewayPerSecond / EnginePerSecond, 3);

    public double RatioToSampler => Math.Round(GatewayPerSecond / SamplerPerSecond, 3);

    /// <summary>What the sampler takes of all processor time, that of the clients included.</summary>
    public double RatioByCpu => Math.Round(SamplerCpu / (ServerCpu + ClientCpu), 3);

    /// <summary>The same for tasks that are asked for the first time.</summary>
    public double FirstAskedRatioByCpu => Math.Round(SamplerCpu / FirstAskedCpu, 3);

    /// <summary>The same if the clients had processors of their own.</summary>
    public double RatioByServerCpu => Math.Round(SamplerCpu / ServerCpu, 3);
}

/// <summary>Requests for one or two tokens.</summary>
/// <param name="ServerCpu">Milliseconds of processor time for each.</param>
/// <param name="ClientCpu">The same of the clients.</param>
internal sealed record SmallMeasurement(int Requests, double PerSecond, Latency Whole, double ServerCpu, double ClientCpu);

/// <summary>The gateway's memory under load, in megabytes resident.</summary>
/// <param name="Early">After a fifth of the time.</param>
/// <param name="Series">At each tenth.</param>
internal sealed record MemoryOverTime(double Minutes, int Answers, double Early, double Late, IReadOnlyList<double> Series);

/// <summary>What passing a request through the gateway adds, in milliseconds.</summary>
internal sealed record PassingMeasurement(int Requests, Latency Direct, Latency Through)
{
    public double AddedMedian => Math.Round(Through.Median - Direct.Median, 3);

    public double AddedP99 => Math.Round(Through.P99 - Direct.P99, 3);
}
