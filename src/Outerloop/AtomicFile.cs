namespace Outerloop;

/// <summary>Writes a file so that a reader, or a crash, sees the whole of it or nothing.</summary>
internal static class AtomicFile
{
    /// <exception cref="OutsideException">The disk is full or failed; nothing is left behind.</exception>
    public static void Write(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(text);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw new OutsideException($"{path}: cannot be written: {problem.Message}", problem);
        }
    }

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return; // the disk refuses even this; the temporary name says what it is
        }
    }
}
