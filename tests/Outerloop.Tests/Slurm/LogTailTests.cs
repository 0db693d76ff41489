using System.Text;
using Outerloop.Slurm;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Slurm;

public sealed class LogTailTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void However_a_log_grows_each_of_its_lines_is_told_once()
    {
        const string text = "{\"step\":1}\n\nnaïve 🧱 line\r\nthe end";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var random = new Random(3);
        for (int round = 0; round < 50; round++)
        {
            string file = _folder.File($"{round}.log");
            var heard = new List<string>();
            var tail = new LogTail(file, heard.Add);
            tail.Read();
            using var log = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            for (int at = 0; at < bytes.Length;)
            {
                int count = Math.Min(random.Next(1, 6), bytes.Length - at);
                log.Write(bytes, at, count);
                log.Flush();
                at += count;
                tail.Read();
            }

            Assert.Equal(["{\"step\":1}", "", "naïve 🧱 line"], heard);
            tail.Read(isOver: true);
            Assert.Equal("the end", heard[^1]);
            Assert.Equal(string.Join('\n', heard), tail.Last);
        }
    }

    [Fact]
    public void A_batch_script_has_the_command_where_it_says()
    {
        string file = _folder.File("job.sbatch");
        File.WriteAllText(file, "#!/bin/bash\n#SBATCH --gres=gpu:4\nmodule load cuda\nsrun {command} || exit ${?}\n");
        Assert.Equal("#!/bin/bash\n#SBATCH --gres=gpu:4\nmodule load cuda\nsrun train 'a b' || exit ${?}\n", JobScript.Read(file).Of(ShellCommand.Of(["train", "a b"]).Line));
    }

    [Theory]
    [InlineData("#SBATCH --gres=gpu:4\n{command}\n", "begins with #!")]
    [InlineData("#!/bin/bash\ntrain\n", "{command}")]
    public void A_batch_script_that_could_not_work_is_refused(string text, string said)
    {
        string file = _folder.File("job.sbatch");
        File.WriteAllText(file, text);
        Assert.Contains(said, Assert.Throws<InputException>(() => JobScript.Read(file)).Message);
        Assert.Throws<InputException>(() => JobScript.Read(_folder.File("nothing")));
    }
}
