using System.Text.Json;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Upstreams;

/// <summary>The answers of a reply by their index.</summary>
/// <param name="wanted">How many were asked for.</param>
internal sealed class UpstreamAnswers(int wanted)
{
    private readonly SortedDictionary<int, UpstreamAnswer> _answers = [];

    /// <summary>Whether all have come to their end.</summary>
    public bool AreWhole => _answers.Count == wanted && _answers.Values.All(answer => answer.Finish is not null);

    public IEnumerable<(int Choice, UpstreamAnswer Answer)> All => _answers.Select(answer => (answer.Key, answer.Value));

    /// <param name="json">A reply, or a chunk of a stream.</param>
    /// <exception cref="ApiException">It is neither.</exception>
    public void Add(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (!document.RootElement.TryGetProperty("choices", out JsonElement choices))
                throw UpstreamFailure.Unreadable("has no 'choices'");
            foreach (JsonElement choice in choices.EnumerateArray())
                At(choice.TryGetProperty("index", out JsonElement index) ? index.GetInt32() : 0).Add(choice);
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
