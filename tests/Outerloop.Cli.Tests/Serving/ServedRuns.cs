using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Outerloop.Cli.Tests.Support;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tasks;
using Outerloop.Traces;

namespace Outerloop.Cli.Tests.Serving;

/// <summary>Small runs of two generations, in one process or over HTTP, and what must be the same of them.</summary>
internal static class ServedRuns
{
    public const int Tasks = 80, Generations = 2;

    public static string[] Small { get; } =
    [
        "run", "--json", "--tasks", "80", "--held-out", "12", "--larger", "4", "--generations", "2", "--seed", "3",
        "--trainer-epochs", "1", "--trainer-min-steps", "120", "--threads", "1",
    ];

    public static string Base => Path.Combine(AppContext.BaseDirectory, "models", "base");

    /// <summary>The settings that make a run ask a server for what it would ask the bundled base.</summary>
    public static string[] Served { get; } = [.. Small, "--policy", "openai:base", "--prompt-template", "words", "--trainer-base", Base];

    /// <summary>How the server is reached, which a resumed run is told again.</summary>
    public static string[] Reaching(Uri url) => ["--base-url", url.ToString(), "--reload", "vllm", "--in-flight", "8"];

    /// <summary>Figures without what depends on the way: times, requests, and the base's name in place of its hash.</summary>
    public static string Figures(CliResult result)
    {
        JsonNode run = JsonNode.Parse(OuterloopProcess.Figures(result))!;
        JsonNode domain = run["domains"]![0]!;
        domain["generations"]![0]!.AsObject().Remove("weights");
        foreach (JsonNode? cost in domain["costs"]!.AsArray())
        {
            cost!.AsObject().Remove("requests");
            cost.AsObject().Remove("serverSeconds");
        }

        return run.ToJsonString();
    }

    /// <summary>Every trace of the run in all that it says, but for the name of the base that wrote it.</summary>
    public static async Task<IReadOnlyList<string>> Traces(string run)
    {
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(run), default);
        var traces = new List<string>();
        foreach (TaskSet set in Enum.GetValues<TaskSet>())
            traces.AddRange((await store.Traces("blocksworld", set, 0, Generations)).Select(Line));
        return traces;
    }

    /// <summary>How many traces of a generation's pool and evaluation are committed, read beside the run without touching its store.</summary>
    public static int Committed(string run, int generation)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = Path.Combine(run, "store.sqlite"), Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        try
        {
            using var store = new SqliteConnection(source.ToString());
            store.Open();
            using SqliteCommand count = store.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM trace WHERE generation = $generation";
            count.Parameters.AddWithValue("$generation", generation);
            return (int)(long)count.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0; // there is no store yet, or no table in it
        }
    }

    public static byte[] Weights(string run, int generation) =>
        File.ReadAllBytes(Path.Combine(run, "generations", "blocksworld", $"{generation}", "model.safetensors"));

    private static string Line(Trace trace) => string.Join(
        '|',
        trace.Id,
        trace.Id.Generation == 0 ? "" : trace.BehaviourWeights,
        trace.Outcome,
        trace.Text,
        trace.PromptTokens,
        string.Join(',', trace.Tokens),
        string.Join(',', trace.LogProbs.Select(BitConverter.SingleToInt32Bits)),
        string.Join(',', trace.SamplingLogProbs.Select(BitConverter.SingleToInt32Bits)));
}
