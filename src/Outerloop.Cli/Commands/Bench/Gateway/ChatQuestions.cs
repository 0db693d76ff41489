using System.Text;
using System.Text.Json;
using Outerloop.Model.Sampling;
using Outerloop.Planning.Domains;
using Outerloop.Planning.Pddl;
using Outerloop.Prompting;

namespace Outerloop.Cli.Commands.Bench.Gateway;

/// <summary>Tasks of Blocksworld as chats for a gateway and as prompts for a sampler, each with a seed.</summary>
/// <param name="Bodies">Requests for streams that end with the usage.</param>
/// <param name="Prompts">The same for the sampler.</param>
internal sealed record ChatQuestions(byte[][] Bodies, SampleRequest[] Prompts)
{
    public static PlanningDomain Domain { get; } = DomainCatalog.Find("blocksworld")!;

    /// <param name="count">How many.</param>
    /// <param name="draw">Another one has other tasks.</param>
    /// <param name="model">What the gateway calls the model.</param>
    /// <param name="sampled">The same model.</param>
    public static ChatQuestions Draw(int count, int draw, string model, SamplingCheckpoint sampled)
    {
        var random = new Random(draw);
        IPromptFormat format = PromptFormats.Of(sampled.Tokenizer!, Domain);
        byte[][] bodies = new byte[count][];
        var prompts = new SampleRequest[count];
        for (int i = 0; i < count; i++)
        {
            string problem = Domain.GenerateProblem($"task-{i}", Domain.PoolSizes, random);
            bodies[i] = Body(model, problem, i);
            Reading<Problem> read = PddlReader.ReadProblem(new SourceText("problem", problem), Domain.Domain);
            prompts[i] = new SampleRequest(i, sampled.Tokenizer!.Encode(format.Prompt(read.Value!)), int.MaxValue, Temperature: 1, (ulong)i, sampled.EndOfText);
        }

        return new ChatQuestions(bodies, prompts);
    }

    private static byte[] Body(string model, string problem, int seed) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        model,
        seed,
        stream = true,
        stream_options = new { include_usage = true },
        messages = new[] { new { role = "user", content = problem } },
    });

    /// <summary>What a stream has said, and of how many tokens its usage tells.</summary>
    public static (string Text, int Tokens) Said(byte[] stream)
    {
        var text = new StringBuilder();
        int tokens = 0;
        foreach (string line in Encoding.UTF8.GetString(stream).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal))
                continue;
            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            foreach (JsonElement choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
                text.Append(choice.GetProperty("delta").GetProperty("content").GetString());
            if (chunk.RootElement.TryGetProperty("usage", out JsonElement usage))
                tokens = usage.GetProperty("completion_tokens").GetInt32();
        }

        return (text.ToString(), tokens);
    }
}
