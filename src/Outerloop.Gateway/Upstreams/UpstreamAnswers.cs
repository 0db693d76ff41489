using System.Text.Json;
using Outerloop.Gateway.OpenAi;
using Outerloop.Policies.Servers;

namespace Outerloop.Gateway.Upstreams;

/// <summary>The answers of a reply by their index.</summary>
/// <param name="wanted">How many were asked for.</param>
internal sealed class UpstreamAnswers(int wanted)
{
    private readonly SortedDictionary<int, UpstreamAnswer> _answers = [];

    /// <summary>Whether all have come to their end.</summary>
    public bool AreWhole => _answers.Count == wanted && _answers.Values.All(answer => answer.Finish is not null);

    /// <summary>As the server told it last.</summary>
    public ServerUsage Usage { get; private set; } = new(0, 0, 0);

    public IEnumerable<(int Choice, UpstreamAnswer Answer)> All => _answers.Select(answer => (answer.Key, answer.Value));

    /// <param name="json">A reply, or a chunk of a stream.</param>
    /// <returns>Whether it tells of the usage and nothing else.</returns>
    /// <exception cref="ApiException">It is neither.</exception>
    public bool Add(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("choices", out JsonElement choices))
                throw UpstreamFailure.Inside(document.RootElement) ?? UpstreamFailure.Unreadable("has no 'choices'");
            foreach (JsonElement choice in choices.EnumerateArray())
                At(choice.TryGetProperty("index", out JsonElement index) ? index.GetInt32() : 0).Add(choice);
            var usage = ServerUsage.Of(document.RootElement);
            if (usage is { Prompt: 0, Answers: 0 })
                return false;
            Usage = usage;
            return choices.GetArrayLength() == 0;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw UpstreamFailure.Unreadable("is not OpenAI's JSON");
        }
    }

    private UpstreamAnswer At(int index)
    {
        if (index < 0 || index >= wanted)
            throw UpstreamFailure.Unreadable($"has a choice {index}, which was not asked for");
        return _answers.TryGetValue(index, out UpstreamAnswer? answer) ? answer : _answers[index] = new UpstreamAnswer();
    }
}
