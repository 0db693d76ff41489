namespace Outerloop.Policies.Servers;

/// <summary>
/// Finds out whether a server that lists an adapter uses it: a question of the run is answered at temperature 0 by the base,
/// twice, and by the adapter. Where all log-probabilities are the base's to the bit, the adapter is ignored.
/// </summary>
/// <param name="url">The server's.</param>
/// <param name="model">The adapter.</param>
/// <param name="notices">Told where it cannot be found out.</param>
/// <param name="ask">Sends a question to a model by its name.</param>
internal sealed class AdapterCanary(Uri url, ServedModel model, IProgress<string> notices, Func<ChatCall, string, Dialect, CancellationToken, Task<Attempt>> ask)
{
    /// <summary>So few tokens cost nothing, and so many are hardly all alike.</summary>
    public const int Tokens = 16;

    /// <summary>Log-probabilities so near 0 look alike whatever the weights are.</summary>
    private const float Certain = -1e-5f;

    /// <param name="call">The question.</param>
    /// <param name="dialect">Of the server.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="InputException">The server ignores the adapter.</exception>
    /// <exception cref="UnansweredException">The server is busy, or fails, at the moment.</exception>
    public async Task Check(ChatCall call, Dialect dialect, CancellationToken cancellation)
    {
        var question = new ChatCall([call.First with { Temperature = 0, MaxNewTokens = Tokens }], call.Prompt);
        if (await Answer(question, model.BaseName, dialect, cancellation) is not { } before
            || await Answer(question, model.Name, dialect, cancellation) is not { } adapted
            || await Answer(question, model.BaseName, dialect, cancellation) is not { } after)
        {
            return;
        }

        if (!Same(before, adapted))
            return;
        if (!Same(before, after) || before.LogProbs.All(value => value > Certain))
            notices.Report($"{url}: whether '{model.Name}' differs from its base cannot be told by {before.LogProbs.Count} tokens");
        else
            throw new InputException($"{url}: '{model.Name}' is listed and answers as '{model.BaseName}' does, to the last bit of {before.LogProbs.Count} log-probabilities: the server ignores the adapter, or the fine-tuning has changed nothing; --log-probs none goes on without asking for them");
    }

    /// <returns>Null where it has no log-probabilities.</returns>
    private async Task<ChatChoice?> Answer(ChatCall question, string name, Dialect dialect, CancellationToken cancellation)
    {
        Attempt attempt = await ask(question, name, dialect, cancellation);
        if (attempt.MayPass)
            throw new UnansweredException(attempt);
        if (attempt.Reply?.Choices[0] is { LogProbs.Count: > 0 } choice)
            return choice;
        notices.Report($"{url}: whether '{model.Name}' differs from its base is not known: '{name}' gives no log-probabilities{(attempt.Error.Length > 0 ? $" ({attempt.Error})" : "")}");
        return null;
    }

    private static bool Same(ChatChoice one, ChatChoice other) => one.Text == other.Text && one.LogProbs.SequenceEqual(other.LogProbs);
}
