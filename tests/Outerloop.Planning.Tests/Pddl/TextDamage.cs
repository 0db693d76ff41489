using System.Text;

namespace Outerloop.Planning.Tests.Pddl;

/// <summary>Deletes, doubles, moves, exchanges or inserts a few pieces of a text.</summary>
internal static class TextDamage
{
    private static readonly string[] Pieces =
    [
        "(", ")", "?", ":", "-", "=", "\0", "\u00A0", ";", "\r", "and", "not", "or", "imply", "exists (?z)", "forall (?z - object)", "when",
        "either", "?x", "(increase (total-cost) 1)", "1", "0.5", "-1e9", "99999999999999999999", "(:action", "(:derived", ":precondition",
        ":effect", "object", "number", "[", "0:", "```", "<think>", "Plan:", "1.", "\uD800", "\uFEFF", "(total-cost)", "/ 0", "assign", "scale-down",
    ];

    public static string Apply(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var i = random.Next(1, 5); i > 0 && result.Length > 2; i--)
            Once(result, random);
        return result.ToString();
    }

    private static void Once(StringBuilder text, Random random)
    {
        var at = random.Next(text.Length - 1);
        var length = random.Next(1, Math.Min(random.Next(2) == 0 ? 4 : 40, text.Length - at));
        var piece = text.ToString(at, length);
        switch (random.Next(5))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(random.Next(text.Length + 1), piece);
                break;
            case 2:
                text.Remove(at, length).Insert(random.Next(text.Length + 1), piece);
                break;
            case 3:
                text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]);
                break;
            default:
                text.Insert(at, $" {Pieces[random.Next(Pieces.Length)]} ");
                break;
        }
    }
}
