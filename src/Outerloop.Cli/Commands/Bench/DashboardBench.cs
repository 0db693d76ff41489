using System.Net;
using Outerloop.Cli.Display;
using Outerloop.Gateway;
using Outerloop.Gateway.Models;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Cli.Commands.Bench;

/// <summary>How long a page or an answer of the API takes while somebody writes to the run, in milliseconds.</summary>
/// <param name="First">The first time that it is asked for, when nothing is kept.</param>
internal sealed record PageMeasurement(string Page, double First, double Median, double Worst);

/// <summary>What whoever writes sees of those who read: milliseconds of each transaction.</summary>
internal sealed record WriterMeasurement(int Transactions, double Median, double Worst);

/// <param name="Traces">In the store before more are written.</param>
/// <param name="StartedAgain">Milliseconds until another gateway, which finds the figures in the run's folder, has told them.</param>
internal sealed record DashboardMeasurement(int Traces, WriterMeasurement Writer, IReadOnlyList<PageMeasurement> Pages, double StartedAgain);

/// <summary>The dashboard over a large run that is being written to.</summary>
internal sealed class DashboardBench(TimeProvider clock, IProgressDisplay display)
{
    private const string Run = "bench", OfRun = $"/runs/{Run}", Api = $"/api/v1/runs/{Run}";

    /// <summary>Traces of a transaction, and the pause after it: as a loop on a fast server writes.</summary>
    private const int Batch = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string Middle = $"{SyntheticRun.Domain}/g3/pool/500/sampled/0";

    private static readonly string[] Paths =
    [
        "/", OfRun, $"{OfRun}/charts", $"{OfRun}/generations/{SyntheticRun.Domain}/3", $"{OfRun}/traces", $"{OfRun}/traces?outcome=valid&generation=3&leastSteps=8",
        $"{OfRun}/traces?after={Middle}", $"{OfRun}/traces?outcome=truncated", $"{OfRun}/traces?text=no+such+words", $"{OfRun}/traces/{Middle}", $"{OfRun}/curation", $"{OfRun}/lineage", $"{OfRun}/health",
        $"/compare?first={Run}/{SyntheticRun.Domain}/0&second={Run}/{SyntheticRun.Domain}/5", Api, $"{Api}/charts/{SyntheticRun.Domain}-solved", $"{Api}/traces?limit=500", $"{Api}/traces/{Middle}/states", $"{Api}/progress",
    ];

    /// <param name="samples">Of each generation for each task of the pool.</param>
    /// <param name="rounds">How often each page is asked for after the first time.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<DashboardMeasurement> Measure(int samples, int rounds, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("outerloop-bench-").FullName;
        try
        {
            var run = new SyntheticRun(Path.Combine(folder, Run), samples);
            int traces = await run.Fill(display, cancellation);
            await using GatewayServer server = await Serve(folder, cancellation);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task<WriterMeasurement> writer = Write(run, stop.Token);
            PageMeasurement[] pages = await Read(server.Url, rounds, cancellation);
            double startedAgain = await StartAgain(folder, cancellation);
            await stop.CancelAsync();
            return new DashboardMeasurement(traces, await writer, pages, startedAgain);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<GatewayServer> Serve(string folder, CancellationToken cancellation) => GatewayServer.Start(
        new GatewayOptions { Port = 0, RunsFolder = folder }, new FolderModels(clock), [], new GatewaySurroundings(clock, new SaidNotices(display)), cancellation);

    private async Task<double> StartAgain(string folder, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        await using GatewayServer server = await Serve(folder, cancellation);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url, "/"), Timeout = Timeout.InfiniteTimeSpan };
        await http.GetStringAsync(Api, cancellation);
        return clock.GetElapsedTime(start).TotalMilliseconds;
    }

    private async Task<PageMeasurement[]> Read(Uri gateway, int rounds, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(gateway, "/"), Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        var times = Paths.ToDictionary(path => path, _ => new List<double>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach (string path in Paths)
            {
                display.Show("asking for pages", times.Values.Sum(known => known.Count), Paths.Length * (rounds + 1L), 0, path);
                long start = clock.GetTimestamp();
                while (await Ask(http, path, cancellation) == HttpStatusCode.ServiceUnavailable)
                    await Task.Delay(Pause, clock, cancellation);
                times[path].Add(clock.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return [.. Paths.Select(path => new PageMeasurement(path, times[path][0], Median(times[path][1..]), times[path][1..].Max()))];
    }

    /// <summary>The first time a page may say that its figures are not there yet.</summary>
    private static async Task<HttpStatusCode> Ask(HttpClient http, string path, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await http.GetAsync(path, cancellation);
        return answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.ServiceUnavailable
            ? answer.StatusCode
            : throw new InvalidOperationException($"{path}: {(int)answer.StatusCode}");
    }

    private async Task<WriterMeasurement> Write(SyntheticRun run, CancellationToken stop)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run.Path), CancellationToken.None);
        var times = new List<double>();
        while (!stop.IsCancellationRequested)
        {
            long start = clock.GetTimestamp();
            await store.AddTraces(run.More(times.Count, Batch), [], CancellationToken.None);
            times.Add(clock.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(Pause, clock, CancellationToken.None);
        }

        return new WriterMeasurement(times.Count, Median(times), times.Max());
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
