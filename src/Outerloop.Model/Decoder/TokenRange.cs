namespace Outerloop.Model.Decoder;

/// <summary>What every entry into the network checks of the tokens that it is given.</summary>
internal static class TokenRange
{
    public static void Check(ModelConfig config, ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty || tokens.Length > config.MaxPositions)
            throw new ArgumentException($"a sequence has 1 to {config.MaxPositions} tokens, not {tokens.Length}", nameof(tokens));
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)config.Vocabulary)
                throw new ArgumentException($"token {token} is not in 0..{config.Vocabulary - 1}", nameof(tokens));
        }
    }

    public static void Check(ModelConfig config, ReadOnlySpan<int> tokens, int firstTarget)
    {
        Check(config, tokens);
        if (firstTarget < 1 || firstTarget >= tokens.Length)
            throw new ArgumentException($"the first target {firstTarget} is not in 1..{tokens.Length - 1}", nameof(firstTarget));
    }
}
