using System.Collections.Immutable;

namespace Outerloop.Gateway.Answers;

/// <summary>
/// Cuts a text that comes in pieces at the first of some stop texts. What may be the beginning of one is held back until
/// that is known, so that what was let through never has to be taken back.
/// </summary>
internal sealed class StopText(ImmutableArray<string> stops)
{
    private string _held = "";

    /// <summary>Whether a stop text was found; nothing follows then.</summary>
    public bool Found { get; private set; }

    /// <param name="piece">What comes next.</param>
    /// <param name="last">Whether it is all, so that nothing needs to be held back.</param>
    /// <returns>What is certain to stand before any stop text.</returns>
    public string Append(string piece, bool last)
    {
        if (stops.IsEmpty)
            return piece;
        string text = _held + piece;
        int found = stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        Found = found >= 0;
        int certain = Found ? found : last ? text.Length : text.Length - LongestBeginning(text);
        _held = text[certain..];
        return text[..certain];
    }

    /// <summary>The length of the longest end of a text that a stop text begins with.</summary>
    private int LongestBeginning(string text)
    {
        for (int length = Math.Min(text.Length, stops.Max(stop => stop.Length) - 1); length > 0; length--)
        {
            if (stops.Any(stop => stop.AsSpan().StartsWith(text.AsSpan(text.Length - length))))
                return length;
        }

        return 0;
    }
}
