using System.Text;

namespace Outerloop.Slurm;

/// <summary>Reads the lines of a file that another machine writes, as far as they are whole.</summary>
internal sealed class LogTail(string file, Action<string> heard)
{
    private readonly LastLines _last = new();
    private readonly StringBuilder _begun = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private long _at;

    /// <summary>The last lines so far.</summary>
    public string Last => _last.ToString();

    /// <summary>Tells what is new.</summary>
    /// <param name="isOver">Whether nothing more will come: then the rest counts as a line.</param>
    public void Read(bool isOver = false)
    {
        if (File.Exists(file))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = _at;
            byte[] bytes = new byte[16384];
            char[] letters = new char[bytes.Length + 1];
            for (int count; (count = stream.Read(bytes)) > 0; _at += count)
                Take(letters.AsSpan(0, _decoder.GetChars(bytes, 0, count, letters, 0)));
        }

        if (isOver && _begun.Length > 0)
            Take("\n");
    }

    private void Take(ReadOnlySpan<char> text)
    {
        for (int end; (end = text.IndexOf('\n')) >= 0; text = text[(end + 1)..])
        {
            string line = _begun.Append(text[..end]).ToString().TrimEnd('\r');
            _begun.Clear();
            _last.Add(line);
            heard(line);
        }

        _begun.Append(text);
    }
}
