using System.Globalization;
using System.Text;
using Outerloop.Cli.Display;
using Outerloop.Model.Measurement;
using Outerloop.Model.Sampling;
using Outerloop.Policies;
using Outerloop.Runs;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>A gateway of its own with a record, over a run whose one generation is the bundled base, and what its clients see.</summary>
internal sealed class GatewayBench : IDisposable
{
    /// <summary>Rounds until the compiler settles.</summary>
    private const int WarmingRounds = 10;

    /// <summary>New tasks in each of them.</summary>
    private const int WarmingTasks = 50;

    /// <summary>From here on tasks are drawn that are new to the gateway.</summary>
    private const int FirstDraw = 1000;

    private readonly string _folder;
    private readonly ServedProcess _server;
    private readonly SamplingCheckpoint _model;
    private readonly int _clients;
    private readonly TimeProvider _clock;
    private readonly IProgressDisplay _display;

    private GatewayBench(string folder, ServedProcess server, int clients, TimeProvider clock, IProgressDisplay display)
    {
        _folder = folder;
        _server = server;
        _model = SamplingCheckpoint.Open(BaseModel.Bundled, threads: 1);
        _clients = clients;
        _clock = clock;
        _display = display;
    }

    /// <param name="clients">At a time.</param>
    /// <param name="records">Whether the gateway keeps what it answers.</param>
    /// <param name="clock">Measures.</param>
    /// <param name="display">Is told how far it is.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<GatewayBench> Start(int clients, bool records, TimeProvider clock, IProgressDisplay display, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            string run = Path.Combine(folder, "bench");
            display.Show("a run for the record", 0, 1, 0, "");
            OwnProcess.Run(["run", "--json", "--tasks", "12", "--held-out", "2", "--larger", "1", "--generations", "0", "--out", run], 0);
            ServedProcess server = await ServedProcess.Start(["--run", run, .. records ? Array.Empty<string>() : ["--no-store"]], cancellation);
            return new GatewayBench(folder, server, clients, clock, display);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>
    /// The same questions to the sampler alone and to the gateway, in turns, then others in each round that the gateway has never seen; the
    /// best round of each counts.
    /// </summary>
    public async Task<DecodingMeasurement> Decode(int answers, int rounds, CancellationToken cancellation)
    {
        ChatQuestions questions = ChatQuestions.Draw(answers, 0, _server.Model, _model);
        using var clients = new LoadClients(new Uri($"{_server.Url}/chat/completions"), _clients, _clock);
        var wide = new SamplerOptions { BatchSize = (_clients + Environment.ProcessorCount - 1) / Environment.ProcessorCount };
        var through = new List<Load>();
        var first = new List<Load>();
        var engine = new List<Load>();
        var sampler = new List<Load>();
        async Task<Load> Ask(ChatQuestions asked, string what, string[] texts)
        {
            double before = _server.CpuSeconds;
            var meter = new WorkMeter(_clock);
            LoadReply[] replies = await clients.Ask(asked.Bodies, done => Show(what, done, answers), cancellation);
            return new Load(meter.Elapsed.TotalSeconds, meter.CpuSeconds, _server.CpuSeconds - before) { Replies = replies, Texts = texts };
        }

        for (int round = 1; round <= WarmingRounds; round++)
        {
            await Ask(questions, $"warming up, round {round} of {WarmingRounds}", []);
            await Ask(ChatQuestions.Draw(WarmingTasks, round, _server.Model, _model), "warming up", []);
        }

        for (int round = 1; round <= rounds; round++)
        {
            engine.Add(await Sample(questions.Prompts, wide, cancellation));
            sampler.Add(await Sample(questions.Prompts, new SamplerOptions(), cancellation));
            through.Add(await Ask(questions, $"chats, round {round} of {rounds}", sampler[^1].Texts));
        }

        for (int round = 1; round <= rounds; round++)
        {
            ChatQuestions others = ChatQuestions.Draw(answers, FirstDraw + round, _server.Model, _model);
            Load alone = await Sample(others.Prompts, new SamplerOptions(), cancellation);
            first.Add(await Ask(others, $"new tasks, round {round} of {rounds}", alone.Texts));
        }

        double model = await Task.Run(() => DecodingAlone(cancellation), cancellation);
        return Compared(Best(through), Best(first), (Best(engine), Best(sampler), model), through.Concat(first).Sum(load => load.Different));
    }

    /// <summary>Requests for one or two tokens each.</summary>
    public async Task<SmallMeasurement> Small(int requests, CancellationToken cancellation)
    {
        byte[][] bodies = [.. Enumerable.Range(0, requests).Select(i => Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"model\":\"{_server.Model}\",\"prompt\":\"<init> on b{1 + (i % 9)} b10 on-table b10 clear b{1 + (i % 9)} arm-empty <goal> on b10 b{1 + (i % 9)} <plan>\",\"max_tokens\":{1 + (i % 2)},\"seed\":{i}}}")))];
        using var clients = new LoadClients(new Uri($"{_server.Url}/completions"), _clients, _clock);
        await clients.Ask([.. bodies.Take(requests / 10)], _ => { }, cancellation);
        double before = _server.CpuSeconds;
        var meter = new WorkMeter(_clock);
        LoadReply[] replies = await clients.Ask(bodies, done => Show("small requests", done, requests), cancellation);
        double seconds = meter.Elapsed.TotalSeconds;
        return new SmallMeasurement(
            requests, Math.Round(requests / seconds), Latency.Of(replies.Select(reply => reply.Whole)),
            Math.Round(1000 * (_server.CpuSeconds - before) / requests, 3), Math.Round(1000 * meter.CpuSeconds / requests, 3));
    }

    /// <summary>One client's requests, one after the other, to a server that answers at once and through a gateway before it, in turns.</summary>
    public async Task<PassingMeasurement> Pass(int requests, CancellationToken cancellation)
    {
        const int Round = 100;
        using var upstream = new InstantServer(["pickup b1"]);
        using ServedProcess gateway = await ServedProcess.Start(["--upstream", upstream.Url.ToString()], cancellation);
        byte[][] bodies = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes($$"""{"model":"{{InstantServer.Model}}","messages":[{"role":"user","content":"(problem task-0)"}]}"""), Round)];
        using LoadClients straight = new(new Uri($"{upstream.Url}/chat/completions"), 1, _clock), through = new(new Uri($"{gateway.Url}/chat/completions"), 1, _clock);
        var direct = new List<TimeSpan>();
        var passed = new List<TimeSpan>();
        for (int done = -2000; done < requests; done += Round)
        {
            LoadReply[] first = await straight.Ask(bodies, _ => { }, cancellation), second = await through.Ask(bodies, _ => { }, cancellation);
            if (done < 0)
                continue; // the compiler settles
            direct.AddRange(first.Select(reply => reply.Whole));
            passed.AddRange(second.Select(reply => reply.Whole));
            _display.Show("passing on", done, requests, 0, "");
        }

        return new PassingMeasurement(passed.Count, Latency.Of(direct), Latency.Of(passed));
    }

    /// <summary>Full load for some minutes, by rounds of chats whose tasks are new.</summary>
    public async Task<MemoryOverTime> Remember(double minutes, CancellationToken cancellation)
    {
        const int Points = 10, Round = 1000;
        using var clients = new LoadClients(new Uri($"{_server.Url}/chat/completions"), _clients, _clock);
        var series = new List<double>();
        long start = _clock.GetTimestamp();
        int answers = 0;
        while (series.Count < Points)
        {
            await clients.Ask(ChatQuestions.Draw(Round, (2 * FirstDraw) + (answers / Round), _server.Model, _model).Bodies, _ => { }, cancellation);
            answers += Round;
            double part = _clock.GetElapsedTime(start).TotalMinutes / minutes;
            _display.Show("memory under load", (int)(100 * Math.Min(1, part)), 100, 0, $"{_server.Megabytes} MB");
            while (series.Count < Math.Min(Points, (int)(part * Points)))
                series.Add(_server.Megabytes);
        }

        return new MemoryOverTime(minutes, answers, series[(Points / 5) - 1], series[^1], series);
    }

    public void Dispose()
    {
        _server.Dispose();
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Load> Sample(SampleRequest[] prompts, SamplerOptions options, CancellationToken cancellation)
    {
        string[] texts = new string[prompts.Length];
        var meter = new WorkMeter(_clock);
        await foreach (SampleResult result in _model.Sampler.Sample(prompts, options, cancellation))
            texts[result.Id] = _model.Tokenizer!.Decode(result.Tokens.AsSpan()[..^result.StopLength]);
        return new Load(meter.Elapsed.TotalSeconds, meter.CpuSeconds) { Texts = texts };
    }

    /// <summary>What <c>bench model --mode decode</c> says of the model, with as many sequences as there are clients.</summary>
    private double DecodingAlone(CancellationToken cancellation)
    {
        _display.Show("bench model --mode decode", 0, 1, 0, "");
        var options = new ModelBenchmarkOptions { Batch = _clients, Threads = Environment.ProcessorCount };
        return new ModelBenchmark(_model, options, _clock, cancellation).Decode().Best;
    }

    private static Load Best(List<Load> rounds) => rounds.MinBy(load => load.Seconds)!;

    private static DecodingMeasurement Compared(Load through, Load first, (Load Engine, Load Sampler, double Model) alone, int different)
    {
        int tokens = through.Tokens;
        double Micros(double seconds) => Math.Round(1e6 * seconds / tokens, 2);
        return new DecodingMeasurement(
            through.Replies.Length,
            tokens,
            Math.Round(alone.Model),
            Math.Round(tokens / alone.Engine.Seconds),
            Math.Round(tokens / alone.Sampler.Seconds),
            Math.Round(tokens / through.Seconds),
            Math.Round(first.Tokens / first.Seconds),
            Latency.Of(through.Replies.Select(reply => reply.First)),
            Latency.Of(through.Replies.Select(reply => reply.Whole)),
            Micros(alone.Sampler.Cpu),
            Micros(through.ServerCpu),
            Micros(through.Cpu),
            Math.Round(1e6 * (first.ServerCpu + first.Cpu) / first.Tokens, 2),
            different);
    }

    private void Show(string what, int done, int total)
    {
        if (done % 50 == 0)
            _display.Show(what, done, total, 0, "");
    }

    /// <summary>A round.</summary>
    /// <param name="Cpu">Seconds of this process.</param>
    /// <param name="ServerCpu">Of the gateway's.</param>
    private sealed record Load(double Seconds, double Cpu, double ServerCpu = 0)
    {
        private readonly (string Text, int Tokens)[] _said = [];

        public LoadReply[] Replies
        {
            get;
            init
            {
                field = value;
                _said = [.. value.Select(reply => ChatQuestions.Said(reply.Body))];
            }
        } = [];

        /// <summary>What the sampler answers.</summary>
        public string[] Texts { get; init; } = [];

        /// <summary>Of the replies.</summary>
        public int Tokens => _said.Sum(answer => answer.Tokens);

        /// <summary>Replies that are not what the sampler answers.</summary>
        public int Different => _said.Zip(Texts).Count(pair => pair.First.Text != pair.Second);
    }
}
