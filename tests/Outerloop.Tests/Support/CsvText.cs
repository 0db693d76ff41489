using System.Text;

namespace Outerloop.Tests.Support;

/// <summary>Reads RFC 4180, apart from the code that writes it.</summary>
internal static class CsvText
{
    public static IReadOnlyList<string[]> Read(string text)
    {
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            if (quoted && letter == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[++i]);
            else if (letter == '"')
                quoted = !quoted;
            else if (!quoted && letter is ',' or '\n')
                EndCell(letter);
            else if (quoted || letter != '\r')
                cell.Append(letter);
        }

        return rows;

        void EndCell(char end)
        {
            row.Add(cell.ToString());
            cell.Clear();
            if (end != '\n')
                return;
            rows.Add([.. row]);
            row.Clear();
        }
    }
}
