using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Outerloop.Gateway.Answers;

namespace Outerloop.Gateway.Tests.Answers;

public sealed class StopTextTests
{
    private static readonly Gen<string> Texts = Gen.Elements('a', 'b').ArrayOf().Select(letters => new string(letters));

    [Property(MaxTest = 5000)]
    public Property A_text_is_cut_before_the_first_complete_stop_text_however_it_comes_in_pieces()
    {
        Gen<string[]> stops = Texts.Where(text => text.Length is > 0 and < 5).ArrayOf();
        return Prop.ForAll(Texts.ArrayOf().ToArbitrary(), stops.ToArbitrary(), (pieces, stops) =>
        {
            var stop = new StopText([.. stops]);
            var told = new List<string>();
            for (int i = 0; i < pieces.Length && !stop.Found; i++)
                told.Add(stop.Append(pieces[i], last: i == pieces.Length - 1));
            (string expected, bool found) = Cut(string.Concat(pieces), stops);
            return string.Concat(told) == expected && stop.Found == found;
        });
    }

    /// <summary>Letter by letter: the text as soon as it ends with a stop text, without that; the longest where it ends with several.</summary>
    private static (string Text, bool Found) Cut(string text, IEnumerable<string> stops)
    {
        for (int length = 1; length <= text.Length; length++)
        {
            string[] ended = [.. stops.Where(stop => text[..length].EndsWith(stop, StringComparison.Ordinal))];
            if (ended.Length > 0)
                return (text[..(length - ended.Max(stop => stop.Length))], true);
        }

        return (text, false);
    }
}
